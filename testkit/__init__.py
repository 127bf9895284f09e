"""Helpers that tests and experiments share: an AWS account, the functions, the API, a running stack, the template."""
