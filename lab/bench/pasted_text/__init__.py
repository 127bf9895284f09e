"""How long a pasted megabyte takes to read, whatever it consists of."""
