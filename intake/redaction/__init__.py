"""Pure: what is taken out of a text for good, and what in it might tell who somebody is. Knows no database, no case."""
