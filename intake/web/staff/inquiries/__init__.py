"""Inquiries into concerns: assessing, the page of the inquiry with its folds, sign-off, the file, and all dates."""
