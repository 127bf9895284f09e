"""Measures how much time the local stack needs besides that of YouTube and the model."""
