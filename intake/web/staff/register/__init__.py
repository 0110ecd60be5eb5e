"""Registers, brought in on a page."""
