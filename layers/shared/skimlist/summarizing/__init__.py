"""From a transcript to a summary: caption lines, prompts, models and the plan that joins them."""
