"""The pair's thread: short notes that only the two can read."""
