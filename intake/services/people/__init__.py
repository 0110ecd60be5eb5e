"""Officers: their accounts, their grants, and signing in."""
