"""What the holder of a receipt does: begins, sends, comes back."""
