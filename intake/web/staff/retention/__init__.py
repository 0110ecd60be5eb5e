"""How long cases are kept, holds, and destruction by two people."""
