"""What a user is told of a batch by email."""
