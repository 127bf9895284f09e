"""Commands of an operator, with the operator's own credentials."""
