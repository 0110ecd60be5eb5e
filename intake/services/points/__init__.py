"""The points of complaint of a case: set out, agreed, answered."""
