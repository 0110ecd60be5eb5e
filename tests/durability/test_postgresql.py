"""PostgreSQL that goes away and comes back, or is not what we need: told in words, and nothing is half done."""
