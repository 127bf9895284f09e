"""What tests and experiments share: a small AWS account, the functions, the API, the running stack and the template."""
