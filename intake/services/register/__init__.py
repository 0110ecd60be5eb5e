"""Registers of past cases, brought in."""
