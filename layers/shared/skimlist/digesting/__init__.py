"""Makes the digest of a batch from its summaries: numbered statements, prompts, models, and the plan for them."""
