"""Exports a batch as files: ZIP archive, JSON, Markdown and CSV."""
