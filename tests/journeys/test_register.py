"""A register comes in through the page: faults first, headings explained once, then all or nothing."""

from __future__ import annotations

import pytest

from tests.register.files import EXAMPLE, as_csv, as_xlsx, row


@pytest.fixture
def chooses(officer, tmp_path):
    """The manager chooses a file and says what it covers."""

    def choose(name: str, data: bytes, **covers: tuple[str, ...]):
        file = tmp_path / name
        file.write_bytes(data)
        officer.page.goto(f"{officer.url}/staff/register")
        officer.page.set_input_files("#file", file)
        for line, (year, groups) in enumerate(covers.items(), start=1):
            officer.page.select_option(f"#year-{line}", label=year.strip("_").replace("_", "-"))
            for group in groups:
                officer.page.check(f"input[name=groups-{line}][value={group}]")
        return officer

    return choose


def test_the_published_table_stands_on_the_page_after_an_import(officer, chooses):
    officer.sign_in("manager").open("/staff/register", "register").press("Check the file", "register-no-file")
    chosen = chooses(
        "register.csv",
        EXAMPLE.read_bytes(),
        _2023_24=("statutory", "corporate", "ombudsman"),
        _2024_25=("all",),
    )
    chosen.press("Check the file", "register-checked")
    assert "Nothing has been kept yet" in officer.page.inner_text("main")
    officer.press("Import", "register-imported")
    assert "Imported." in officer.page.inner_text("main")
    officer.open("/staff/counts?year=2024-25", "figures-of-a-register")
    told = " ".join(officer.page.inner_text("main").split())
    for figures in ("720 (368)", "148 (39)", "62 (86)", "0 (1)", "37 (17)", "153 (not recorded)"):
        assert figures in told
    officer.click("tr:has-text('Ombudsman enquiries') a:text-is('37')").look("register-behind-a-number")
    assert "CEF-0" in officer.page.inner_text("main")
    officer.click("tbody a").look("register-case")
    assert "From a register, where it was" in officer.page.inner_text("main")


def test_faults_are_listed_and_headings_are_explained_once(officer, chooses):
    officer.sign_in("manager")
    wrong = as_csv(row(), row(reference="CEF-2", kind="moan", received_on="2023-02-29"))
    chooses("faulty.csv", wrong).press("Check the file", "register-faults")
    told = officer.page.inner_text("main")
    assert "2 things are wrong, and nothing was imported." in told
    assert "moan" in told

    theirs = {"Our number": "CEF-3", "kind": "corporate", "received_on": "2024-05-01", "Who": "Joan Marsh"}
    other = as_xlsx(theirs, headings=tuple(theirs))
    chooses("theirs.xlsx", other).press("Check the file", "register-headings")
    officer.page.select_option("#column-1", "reference")
    officer.page.select_option("#column-2", "complainant")
    officer.press("Keep this and check again", "register-explained")
    assert "Nothing is wrong with this file" in officer.page.inner_text("main")
    chooses("theirs.xlsx", other).press("Check the file", "register-known")
    assert "Nothing is wrong with this file" in officer.page.inner_text("main")
