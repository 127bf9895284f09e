"""Asking language models: which there are, how an endpoint is asked, and how its answers and errors are read."""
