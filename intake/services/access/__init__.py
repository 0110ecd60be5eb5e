"""Who holds one case: given, taken back, stood aside from; its keys fresh with each change."""
