"""What an officer does with a case."""
