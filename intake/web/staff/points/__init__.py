"""Setting out the points of complaint of a case, and the statement that was agreed."""
