"""The desk, a case, and what is done with it."""
