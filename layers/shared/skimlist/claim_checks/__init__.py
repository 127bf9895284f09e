"""Checks what a summary says against what was said in the video, without a model."""
