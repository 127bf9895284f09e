"""Measures how long it takes to find the links in a pasted megabyte of any content."""
