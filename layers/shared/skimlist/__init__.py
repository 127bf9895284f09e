"""Code that all Skimlist functions share: models, rules, errors, settings and one adapter per outside system."""

__version__ = "0.1.0"
