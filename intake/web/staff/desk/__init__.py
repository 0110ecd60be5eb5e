"""The lists that an officer works from."""
