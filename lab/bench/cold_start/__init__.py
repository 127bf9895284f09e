"""How long functions take to start, exactly as shipped, beside functions as tutorials write them."""
