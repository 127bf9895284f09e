"""Measures the cold starts of the functions as shipped, beside functions as tutorials write them."""
