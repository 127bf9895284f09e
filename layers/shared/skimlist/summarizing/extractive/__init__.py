"""The built-in model, which needs no key and no network: it picks a talk's key sentences and finds its chapters."""
