"""What `intake init` printed, as those read it who got a paper each."""

from __future__ import annotations

import re

GROUPS = r"(?:[0-9A-Z]{5}-?\s*){10}"


def shares_of(printed: str, vault: str) -> list[str]:
    """A vault's three shares, of a real instance's pages or a demonstration's lines."""
    pages = re.findall(rf"RECOVERY SHARE \d OF 3, SET \w+\n  {vault} \(.*\n\s+({GROUPS})", printed)
    lines = re.findall(rf"^  {vault} \(.*:\n((?:    \S+\n)+)    fingerprint", printed, re.M)
    found = ["".join(page.split()) for page in pages] or [share for one in lines for share in one.split()]
    assert len(found) == 3, found
    return found
