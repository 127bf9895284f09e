"""From the summaries of a batch to its digest: numbered statements, prompts, models and the plan that joins them."""
