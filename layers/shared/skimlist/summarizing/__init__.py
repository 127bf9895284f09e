"""Makes a summary from a transcript: caption lines, prompts, models, and the plan that combines them."""
