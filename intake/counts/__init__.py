"""Quarters, tallies and the published table: what is counted, and how it is set out.

Pure: numbers and dates in, numbers out. No database, no web framework, no key and no case enters here.
"""
