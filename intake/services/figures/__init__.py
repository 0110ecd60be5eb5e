"""What is counted, drawn up, published and shown."""
