"""The journal: read, taken as a file, held against marks, and who opened a case."""
