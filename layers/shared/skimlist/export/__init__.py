"""A batch as files to keep: ZIP archive, JSON, Markdown and CSV."""
