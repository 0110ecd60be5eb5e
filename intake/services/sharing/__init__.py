"""Copies of the words of a case for somebody else, from which passages were taken out for good."""
