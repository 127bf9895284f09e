"""Compares summaries of the built-in model with a talk's opening and with random lines, without a judge."""
