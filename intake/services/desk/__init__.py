"""The lists that an officer works from, and what is made of them: bulk acts, loads, dates."""
