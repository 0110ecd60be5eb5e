"""How long cases are kept: holds, lists, destruction by two, and what is left afterwards (decision 0049)."""
