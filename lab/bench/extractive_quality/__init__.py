"""How the extractive model's summaries read: where sentences begin and end, and whether they say what it is about."""
