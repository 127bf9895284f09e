"""Measures the quality of the built-in model's summaries without a judge, beside a talk's opening and random lines."""
