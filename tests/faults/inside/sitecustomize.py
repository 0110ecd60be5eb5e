"""Python reads this at the start of every process that has its folder on its path: the disk is laid under SQLite."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("disk", Path(__file__).parent.parent / "disk.py")
_disk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_disk)
_disk.lay_under()
