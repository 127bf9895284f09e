"""Commands that bring stored data from one release to the next."""
