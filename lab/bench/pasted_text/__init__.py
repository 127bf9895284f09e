"""Measures how long it takes to read a pasted megabyte of any content."""
