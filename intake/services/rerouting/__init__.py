"""A case goes from one team to another, sealed anew."""
