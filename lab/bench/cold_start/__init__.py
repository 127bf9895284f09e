"""Compares the cold starts of our functions, as shipped, with those of functions as tutorials write them."""
