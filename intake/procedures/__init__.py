"""What the rules require: procedures, their calendars, clocks and acts.

This room is pure. It may import the standard library and `holidays`, and nothing else: no flask, no
SQLAlchemy, no vault, no settings, and it never reads a clock. Today is always an argument. Dates are London
dates; what a rule says is in `catalogue/*.toml`, with its source beside it, and an authority may add to
those files or override them.
"""
