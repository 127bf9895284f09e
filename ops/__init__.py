"""Commands for the operator of a deployment, who runs them with their own AWS credentials."""
