"""Copies of the words of a case for somebody else, with passages taken out."""
