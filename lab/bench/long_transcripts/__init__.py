"""Compares how Skimlist and other programs summarize long transcripts, on the same transcripts and server."""
