"""Code that all Skimlist functions share: models, rules, errors, settings, and an adapter for each outside system."""

__version__ = "0.1.0"
