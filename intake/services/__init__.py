"""What people do, one public function for each act, one transaction for each function.

A service takes the office, then plain values; `now` and the actor are arguments, never looked up. It imports
the pure rooms and the tables, never the web framework and never a request. What it returns are plain values
that a page, a command or a test can use without knowing the tables or the safe.
"""
