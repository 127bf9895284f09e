"""Measures how figures grow with the number of videos, from counts in this process."""
