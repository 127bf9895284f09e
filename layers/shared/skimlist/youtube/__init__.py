"""What YouTube is asked for: transcripts of videos and the lists of playlists."""
