"""Caption files that people give or take: read from every common format, and written to some."""
