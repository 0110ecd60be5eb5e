"""The journal as people read it: who is told which lines, a file of them, and whether it holds."""
