"""Looking at a page as everybody must be able to use it, and pressing what leads to the next one."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1440, 320)
SHOTS = Path(__file__).parents[1] / "screenshots"
WANTED = "SCREENSHOTS" in os.environ  # a fifth of a journey's time
AXE = Axe()
NEW_EACH_TIME = re.compile(  # no rule of axe asks about these
    r'<!--.*?-->|<input[^>]*type="hidden"[^>]*>|\b[0-9A-Z]{3}-[0-9A-Z]{4}\b|\b[0-9a-f]{32}\b', re.S
)
found_good: set[tuple] = set()  # by this process: a page that comes again as it was is not asked about again


def press(page, selector: str) -> None:
    """Click, and wait until the page it leads to is there."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def picture(page, name: str, **how) -> None:
    """Keep what is seen, for people to look at, where somebody wants that."""
    if WANTED:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", **how)


def fit_for_everybody(page, name: str, rules: list[str]) -> None:
    """No sideways scroll, no violation that axe finds, a legend in every fieldset, one h1; a picture where wanted."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls at {width}"
        seen = (width, tuple(rules), NEW_EACH_TIME.sub("", page.content()))
        if seen not in found_good:
            found = AXE.run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
            assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
            found_good.add(seen)
        picture(page, f"{name}-{width}", full_page=True)
    without = page.evaluate(
        "[...document.querySelectorAll('fieldset')].filter(f => !f.querySelector(':scope > legend')"
        "?.textContent.trim()).length"
    )
    assert without == 0, f"{name} has a fieldset without a legend"
    assert page.locator("h1").count() == 1, f"{name} needs one h1"
