"""A model that writes a few tokens a second, through the whole local stack."""
