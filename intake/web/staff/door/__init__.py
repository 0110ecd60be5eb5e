"""The officers' door itself: who is let in, the frame of every page, what goes wrong."""
