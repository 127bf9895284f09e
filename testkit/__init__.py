"""What tests and experiments share: a small AWS account, the functions, the API, a running stack, the template."""
