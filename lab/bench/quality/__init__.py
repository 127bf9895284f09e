"""How good summaries are without a judge: of the built-in model, beside the opening of the talk and random lines."""
