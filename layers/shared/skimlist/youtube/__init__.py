"""Reads the transcripts of videos and the entries of playlists from YouTube."""
