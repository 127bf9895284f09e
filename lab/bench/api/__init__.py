"""Measures the API's response times on the local stack, and the calls of each request."""
