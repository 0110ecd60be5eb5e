"""Means that decide nothing: what every room of the services stands on."""
