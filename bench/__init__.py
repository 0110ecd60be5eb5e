"""Measurements, apart from the tests. Each prints ratios of one run: machines differ, and so do their moods."""
