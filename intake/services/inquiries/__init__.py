"""Inquiries into concerns: assessed, addressed, concluded, and signed off by a second person."""
