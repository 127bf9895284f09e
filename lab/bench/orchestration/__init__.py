"""How long a batch takes beyond what YouTube and the model need, on the local stack."""
