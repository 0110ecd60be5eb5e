"""Entering for somebody what came by telephone, letter or in person, and giving them their receipt."""
