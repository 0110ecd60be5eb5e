"""Recovery at the command line: two people with a paper each, new papers for old ones, and a rehearsal."""

from __future__ import annotations

import os
import re
import stat

import pytest
from click.testing import CliRunner

from intake.cli import main
from tests import postgresql
from tests.by_hand import by_hand

from .papers import GROUPS, at_a_terminal, shares_of
from .test_first_start import ANSWERS


@pytest.fixture
def run(monkeypatch, tmp_path, database):
    """Run a command on an instance of its own."""
    monkeypatch.setenv("INTAKE_INSTANCE", str(tmp_path / "instance"))
    if database == "postgresql":
        monkeypatch.setenv("INTAKE_DATABASE_URL", postgresql.new())

    def run(*arguments: str, given: list[str] | None = None):
        return CliRunner().invoke(
            main, arguments, input="\n".join([*(given or []), ""]), catch_exceptions=False
        )

    return run


@pytest.fixture
def papers(run) -> list[str]:
    """The papers of the complaints team in a demonstration."""
    return shares_of(run("init", "--demonstration").output, "complaints")


def test_each_share_is_a_page_of_its_own_that_says_what_it_is_and_who_keeps_it(run):
    printed = run("init", "--print-keys-anyway", given=ANSWERS.decode().splitlines()).output
    pages = printed.split("\f")
    for vault in ("complaints", "whistleblowing", "whistleblowing-alternate"):
        for number, share in enumerate(shares_of(printed, vault), start=1):
            (page,) = [page for page in pages if share[:29] in page]
            for other in set(shares_of(printed, vault)) - {share}:
                assert other[:29] not in page
            assert f"RECOVERY SHARE {number} OF 3, SET {share[1:4]}" in page
            for told in (f"{vault} (", "Testford Council", "This one alone opens nothing", "who keeps no other share",
                         f"intake vault rehearse {vault}", "fingerprint of the vault's key: "):  # fmt: skip
                assert told in " ".join(page.split())
    assert max(len(line) for line in "".join(pages[:9]).splitlines()) <= 120


def test_shares_are_written_into_files_for_a_printer_and_not_shown(run, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    made = run("init", "--print-keys-anyway", "--papers", str(stick), given=ANSWERS.decode().splitlines())
    assert made.exit_code == 0, made.output
    files = sorted(stick.iterdir())
    assert len(files) == 9
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert str(file) in made.output
    shares = ["".join(part.split()) for file in files for part in re.findall(GROUPS, file.read_text())]
    assert len(set(shares)) == 9
    assert not any(share[:29] in made.output for share in shares)
    assert [file.name for file in files[:3]] == [
        f"recovery-complaints-{shares[0][1:4]}-share-{number}.txt" for number in (1, 2, 3)
    ]
    assert run("vault", "rehearse", "complaints", given=shares[:2]).exit_code == 0


def test_shares_are_never_written_beside_the_database(run, tmp_path):
    (tmp_path / "instance" / "papers").mkdir(parents=True)
    refused = run("init", "--print-keys-anyway", "--papers", str(tmp_path / "instance" / "papers"))
    assert refused.exit_code == 1
    assert "do not belong beside the database" in refused.output
    assert os.listdir(tmp_path / "instance") == ["papers"]


@pytest.mark.both
def test_a_rehearsal_says_that_they_work_opens_nothing_and_check_tells_the_day(run, papers):
    assert "complaints: recovered with two of the three shares of set " in run("check").output
    assert "never tried" in run("check").output
    tried = run("vault", "rehearse", "complaints", given=[papers[2], papers[0]])
    assert tried.exit_code == 0
    assert "They recover the vault 'complaints'" in tried.output
    assert "Nobody was let in." in tried.output
    told = run("check").output
    assert "; tried on " in told
    assert told.count("never tried") == 2


def test_a_rehearsal_with_one_share_or_a_stranger_is_none(run, papers):
    assert "That is share 1 twice" in run("vault", "rehearse", "complaints", given=[papers[0]] * 2).output
    assert run("vault", "rehearse", "complaints", given=papers[:1]).exit_code == 1
    assert "is of the vault" in run("vault", "rehearse", "whistleblowing", given=papers).output
    assert "tried on" not in run("check").output


@pytest.mark.both
def test_three_new_shares_are_printed_and_those_before_are_over(run, papers):
    # Somebody else's printer failed: nothing came back from paper.
    failed = run("vault", "shares", "complaints", "--print-keys-anyway", given=papers[:2])
    assert failed.exit_code == 1
    never = shares_of(failed.output, "complaints")
    assert run("vault", "check", "complaints", given=papers[1:]).exit_code == 0
    assert "opens nothing" in run("vault", "check", "complaints", given=never[1:]).output


@pytest.mark.parametrize("end", ["they type it back", "they go away"])
def test_at_a_terminal_each_slip_is_told_at_once_and_nobody_begins_anew(run, papers, tmp_path, end):
    """The first person's, the second's, and that of whoever types back; and the new ones count from then on."""
    came = []

    def answer(shown: str) -> str:
        came.append(shown)
        typed = [papers[0][:-1], papers[0], papers[0], papers[1], papers[1]]
        if len(came) <= len(typed):
            return typed[len(came) - 1]
        return shares_of(shown.replace("\r", ""), "complaints")[2] if end == "they type it back" else "\x04"

    status, shown = at_a_terminal(tmp_path / "instance", "vault", "shares", "complaints", answer=answer)
    for told in ("wrong number of characters", "That one is right.", "That is share 1 twice",
                 "That is none of the three shares that were printed just now"):  # fmt: skip
        assert told in shown
    for share in papers:
        assert share not in shown, "what was typed is not shown"
    new = shares_of(shown, "complaints")
    right, wrong = (new, papers) if end == "they type it back" else (papers, new)
    assert (status == 0) == (end == "they type it back")
    assert (f"Set {new[0][1:4]} opens the vault 'complaints' from now on" in shown) == (status == 0)
    assert run("vault", "check", "complaints", given=right[:2]).exit_code == 0
    assert "opens nothing" in run("vault", "check", "complaints", given=wrong[:2]).output


def test_an_overdue_rehearsal_is_a_fault_of_a_real_instance(run, tmp_path):
    made = run("init", "--print-keys-anyway", given=ANSWERS.decode().splitlines())
    two = shares_of(made.output, "whistleblowing")[1:]
    assert run("check").exit_code == 0
    with by_hand(tmp_path / "instance") as connection:  # as if two years had gone by
        connection.execute("UPDATE journal SET at = '2024-06-01 10:00:00.000000' WHERE act = 'vault-made'")
    late = run("check")
    assert late.exit_code == 1
    assert late.output.count("Nobody has tried since 1 June 2024") == 3
    assert run("vault", "rehearse", "whistleblowing", given=two).exit_code == 0
    assert run("check").output.count("Nobody has tried since 1 June 2024") == 2
