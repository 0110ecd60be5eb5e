"""The file itself, nobody's act: its standing, its words, its history, its place."""
