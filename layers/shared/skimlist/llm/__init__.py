"""Asks language models: the catalogue of models, requests to an endpoint, and the parsing of its answers and errors."""
