"""Reads caption files in every common format."""
