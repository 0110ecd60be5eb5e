"""Who can open one case: given, taken back, stood aside from."""
