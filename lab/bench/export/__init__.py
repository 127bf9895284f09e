"""Measures how long an archive of many summaries takes, beside programs that read them as objects from S3."""
