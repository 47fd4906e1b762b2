"""Goals named for people: `snakemake tables`, `snakemake report`, `snakemake verified`."""
