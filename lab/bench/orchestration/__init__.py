"""Measures how much time the local stack adds to that of YouTube and the model."""
