"""Entering for somebody in a real browser, by mouse and by keyboard alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .looking import picture

# Beside what is typed. Seen before, with half of the questions: 29, and a date of eight figures each time.
MOST_KEYS, MOST_KEYS_OF_ANOTHER = 31, 20


def choose(page, name: str, value: str) -> None:
    page.check(f"input[name={name}][value={value}]")


def seen(page, name: str) -> bool:
    return page.locator(f"[name={name}]").first.is_visible()


def code_on(page) -> str:
    return "-".join(page.locator(".receipt").first.locator("span").all_inner_texts())


def test_a_call_is_entered_and_the_receipt_read_back(officer):
    officer.sign_in("officer").open("/staff/enter", "enter").press("Enter it", "enter-empty")
    page = officer.page
    choose(page, "procedure", "corporate")
    choose(page, "channel", "phone")
    choose(page, "for_whom", "self")
    choose(page, "level", "named")
    page.fill("#name", "Nadia Whitlam")
    page.fill("#address", "1 High Street\nSomewhere")
    page.fill("#story", "She waited for the crew.")
    choose(page, "day", "earlier")
    officer.date("received", datetime.now(UTC) - timedelta(days=60))
    officer.look("enter-filled").press("Show the dates first", "enter-dates")
    assert "already late" in page.inner_text("main")
    officer.press("Enter it", "entered")
    code = code_on(page)
    page.emulate_media(media="print")
    assert page.locator(".letter").is_visible()
    assert not page.locator("h1").is_visible()
    assert code.split("-")[0] in page.inner_text(".letter")
    picture(page, "officer-entered-print", full_page=True)
    page.emulate_media(media="screen")
    page.fill("#code", "ZZZZ ZZZZ")
    officer.press("It was read back", "entered-slip")
    page.fill("#code", code.lower()[-9:])
    officer.press("It was read back", "entered-given")
    assert code not in page.content()
    officer.click("text=Open the case").look("case-entered")
    assert "Telephone" in page.inner_text("main")


def test_the_page_shows_what_belongs_to_what_was_chosen_and_loses_nothing(officer):
    officer.sign_in("officer").open("/staff/enter", "enter")
    page = officer.page
    assert [seen(page, name) for name in ("story", "remedy", "relation", "name", "member", "category")] == [
        True,
        *[False] * 5,
    ]
    choose(page, "procedure", "children-statutory")
    assert seen(page, "relation")
    assert not seen(page, "for_whom")
    choose(page, "relation", "child")
    assert seen(page, "advocate")
    page.fill("#remedy", "An apology")
    officer.look("enter-child")
    choose(page, "relation", "advocate")
    assert seen(page, "consent")
    choose(page, "procedure", "mp-enquiry")
    assert [seen(page, name) for name in ("relation", "remedy", "person", "agreed", "level")] == [
        False,
        False,
        True,
        True,
        False,
    ]
    officer.look("enter-mp")
    choose(page, "procedure", "ombudsman-enquiry")
    assert seen(page, "our_case")
    officer.look("enter-ombudsman")
    choose(page, "procedure", "corporate")
    assert page.input_value("#remedy") == "An apology"
    choose(page, "channel", "councillor")
    choose(page, "level", "anonymous")
    assert seen(page, "member")
    assert not seen(page, "name")
    choose(page, "procedure", "elsewhere")
    assert "A concern is not kept here" in page.inner_text("main")
    assert [seen(page, name) for name in ("story", "member", "agreed")] == [False] * 3
    officer.look("enter-elsewhere")
    officer.click("text=Sign out").sign_in("monitoring").open("/staff/enter", "enter-concern")
    choose(page, "procedure", "whistleblowing")
    assert seen(page, "about_officer")
    officer.look("enter-concern-chosen")


class Keyboard:
    """Keys pressed one by one, and counted; what is typed is not."""

    def __init__(self, page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def to(self, name: str, text: str = "") -> Keyboard:
        """Go on to a field, and type in it."""
        for _ in range(40):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.name || document.activeElement.innerText") == name:
                self.page.keyboard.type(text)
                return self
        raise AssertionError(f"no way to {name}")

    def choose(self, name: str, value: str) -> None:
        """Go on to a choice and make it."""
        self.to(name)
        for _ in range(20):
            if self.page.evaluate("document.activeElement.value") == value:
                if not self.page.evaluate("document.activeElement.checked"):
                    self.press("Space")
                return
            self.press("ArrowDown")


def test_a_call_is_entered_by_keyboard_alone(officer):
    officer.sign_in("officer")
    page = officer.page
    page.goto(f"{officer.url}/staff/enter")
    keys = Keyboard(page)
    keys.choose("procedure", "corporate")
    keys.choose("channel", "phone")
    keys.choose("day", page.locator("input[name=day]").first.get_attribute("value"))
    keys.choose("for_whom", "self")
    keys.to("story", "She waited for the crew.")
    keys.choose("level", "named")
    keys.to("name", "Nadia Whitlam").to("phone", "01234 567890")
    keys.to("Enter it and show the receipt").press("Enter")
    page.wait_for_selector(".receipt")
    assert keys.pressed <= MOST_KEYS
    page.locator("text=Enter another").click()
    again = Keyboard(page)
    again.choose("procedure", "corporate")
    again.choose("for_whom", "self")
    again.to("story", "She waited again.")
    again.choose("level", "named")
    again.to("name", "Nadia Whitlam").to("phone", "01234 567890")
    again.to("Enter it and show the receipt").press("Enter")
    page.wait_for_selector(".receipt")
    assert again.pressed <= MOST_KEYS_OF_ANOTHER
