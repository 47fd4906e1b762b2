"""A finished workbook read back: its cells as plain values, the rules that it keeps, and its ODS copy."""
