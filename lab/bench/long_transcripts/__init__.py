"""How long transcripts are summarized, beside other programs, on the same transcripts and by the same server."""
