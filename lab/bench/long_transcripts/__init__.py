"""Compares the summaries of long transcripts with other programs, on the same transcripts and server."""
