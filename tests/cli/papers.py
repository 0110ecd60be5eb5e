"""What `intake init` printed, as those read it who got a paper each."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

GROUPS = r"(?:[0-9A-Z]{5}-?\s*){10}"


def shares_of(printed: str, vault: str) -> list[str]:
    """A vault's three shares, of a real instance's pages or a demonstration's lines."""
    pages = re.findall(rf"RECOVERY SHARE \d OF 3, SET \w+\n  {vault} \(.*\n\s+({GROUPS})", printed)
    lines = re.findall(rf"^  {vault} \(.*:\n((?:    \S+\n)+)    fingerprint", printed, re.M)
    found = ["".join(page.split()) for page in pages] or [share for one in lines for share in one.split()]
    assert len(found) == 3, found
    return found


def at_a_terminal(instance: Path, *arguments: str, answer: Callable[[str], str]) -> tuple[int, str]:
    """Run a command for people who read what stands on the screen before they type: at each prompt `answer` is told all
    that was shown, and gives what they type. Its exit status, and the screen.
    """
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        [sys.executable, "-m", "intake.cli", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"INTAKE_INSTANCE": str(instance)},
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], None)[0]:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other end has gone: the command is over
            break
        if not piece:
            break
        shown += piece
        if shown.endswith(b": "):
            os.write(ours, f"{answer(shown.decode())}\n".encode())
    os.close(ours)
    return command.wait(), shown.decode().replace("\r", "")
