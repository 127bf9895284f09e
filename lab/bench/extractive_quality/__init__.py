"""Measures how the extractive model's summaries read: their sentence borders, and whether they state the topic."""
