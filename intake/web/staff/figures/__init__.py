"""Counts, publishing, themes."""
