"""What officers type on the page, as much of it as a story needs."""

from __future__ import annotations

import re

from tests.web.staff.casework.test_working_a_case import day

ENTER, GIVE = "/staff/enter", "/staff/enter/receipt"
ON_A_DAY = {"day": "earlier"}
CALL = {
    "procedure": "corporate",
    "channel": "phone",
    "for_whom": "self",
    "level": "named",
    "name": "Nadia Whitlam",
    "phone": "01234 567890",
    "story": "She waited for the crew and nobody came.",
} | ON_A_DAY


def on(dd: int, mm: int, yyyy: int = 2026) -> dict[str, str]:
    """It came on that day."""
    return ON_A_DAY | day("received", dd, mm, yyyy)


FRIDAY = on(1, 5)


def enter(desk, **typed: str):
    """The page is filled in and pressed."""
    desk.visit(ENTER)
    return desk.press(ENTER, **CALL | FRIDAY | typed)


def code_on(desk) -> str:
    """The receipt code that the page shows, in groups."""
    (shown,) = re.findall(
        r'<p class="receipt"[^>]*>(.*?)</p>', desk.page.text.split('class="letter"')[0], re.S
    )
    return "-".join(re.findall(r"<span>(\w+)</span>", shown))


def reference_on(desk) -> str:
    """The reference of what was entered."""
    return re.search(r"/staff/cases/([\w-]+)", desk.page.text)[1]
