"""Looking at a page as everybody must be able to use it, and pressing what leads to the next one."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1440, 320)
SHOTS = Path(__file__).parents[1] / "screenshots"


def press(page, selector: str) -> None:
    """Click, and wait until the page it leads to is there."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def fit_for_everybody(page, name: str, rules: list[str]) -> None:
    """No sideways scroll, no violation that axe finds, a legend in every fieldset, one h1; and a picture."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls at {width}"
        found = Axe().run(page, options={"runOnly": rules})
        assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    without = page.evaluate(
        "[...document.querySelectorAll('fieldset')].filter(f => !f.querySelector(':scope > legend')"
        "?.textContent.trim()).length"
    )
    assert without == 0, f"{name} has a fieldset without a legend"
    assert page.locator("h1").count() == 1, f"{name} needs one h1"
