"""How soon the API answers on the local stack, and what each request calls."""
