"""Finished pages as word-processor documents (DOCX), for those who annotate."""
