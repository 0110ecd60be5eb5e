"""Colleagues, joining, passwords."""
