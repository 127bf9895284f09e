"""Compares building an archive of many summaries with programs that read each summary as an S3 object."""
