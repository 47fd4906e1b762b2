"""What the conventions ask of finished pages, rule by rule; ``lint_pages`` holds every page against it."""
