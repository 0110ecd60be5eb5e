"""Triage of a new case, on one page."""
