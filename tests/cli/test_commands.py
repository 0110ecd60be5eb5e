"""The commands as an administrator and a tester use them."""

from __future__ import annotations

import csv
import json
import os
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from intake import config, create_app
from intake.cli import main
from intake.cli.opening import opened
from intake.counts.published import ADDED, MEASURES
from intake.services.people import grants
from intake.vault.keys import KeyPair
from tests import postgresql
from tests.by_hand import by_hand

from .papers import shares_of

CASES = Path(__file__).parents[1] / "procedures" / "clock-cases.csv"


@pytest.fixture
def run(monkeypatch, tmp_path, database):
    """Run a command on an instance of its own."""
    monkeypatch.setenv("INTAKE_INSTANCE", str(tmp_path / "instance"))
    if database == "postgresql":
        monkeypatch.setenv("INTAKE_DATABASE_URL", postgresql.new())

    def run(*arguments: str, given: str | None = None):
        return CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)

    return run


def fingerprint_of(tmp_path, email: str) -> str:
    """What the officer reads out from the page Colleagues."""
    with opened(config.load(tmp_path / "instance")) as office:
        return next(one.fingerprint for one in grants.everybody(office) if one.email == email)


def test_an_administrator_sets_up_a_real_instance_and_the_keys_are_printed_once(run, tmp_path):
    answers = [
        "Testford Council",
        "https://Complaints.testford.example/",
        "lead@council.example",
        "Maya Okafor",
        "four quiet words here",
        "four quiet words here",
        "",
        "",
    ]
    printed = run("init", "--print-keys-anyway", given="\n".join(answers) + "\n").output
    assert "Not ready yet" in printed
    assert "otpauth://totp/" in printed
    vaults = ("complaints", "whistleblowing", "whistleblowing-alternate")
    keys = [share for vault in vaults for share in shares_of(printed, vault)]
    assert len({key[1:4] for key in keys}) == 3
    place = tmp_path / "instance"
    stored = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    for key in keys:
        assert key.encode() not in stored
        assert key.replace("-", "").encode() not in stored
    assert b"four quiet words here" not in stored
    for secret in (place / "keys" / "server.key", place / "intake.db", place):
        assert stat.S_IMODE(os.stat(secret).st_mode) & 0o077 == 0

    again = run("init", "--print-keys-anyway", given="\n")
    assert again.exit_code == 1
    assert "set up already" in again.output

    invited = run("staff", "add", "mo@council.example", "--name", "Ruth", "--role", "monitoring-officer")
    assert "Invitation code" in invited.output
    refused = run(
        "vault", "grant", "whistleblowing", "mo@council.example", given="\n".join(keys[3:5]) + "\n\n"
    )
    assert "has not taken up its invitation" in refused.output
    assert "lead@council.example" in run("staff", "list").output


def person(email: str, name: str) -> list[str]:
    return [email, name, "four quiet words here", "four quiet words here"]


def test_nothing_is_served_while_a_vault_that_submissions_may_reach_has_nobody(run):
    """Set-up used to ask for two people and leave the alternate's vault without anybody."""
    two = [*person("lead@council.example", "Maya"), *person("mo@council.example", "Ruth")]
    printed = run(
        "init", "--print-keys-anyway", given="\n".join(["Testford", "testford.example", *two, ""]) + "\n"
    ).output
    assert "intake vault grant whistleblowing-alternate" in printed
    refused = run("serve")
    assert refused.exit_code == 1
    assert "Nobody can open the vault 'whistleblowing-alternate'" in refused.output
    assert run("check").exit_code == 1
    ticked = run("tick")
    assert ticked.exit_code == 0
    assert "WARNING: Nobody can open the vault 'whistleblowing-alternate'" in ticked.output
    with pytest.raises(config.BadSetting, match="Nobody can open"):
        create_app()


def test_who_sits_at_the_machine_gets_an_account_although_nothing_is_served(run, tmp_path):
    """An invitation is taken up on the site, which does not start while the vault is empty: it was a circle."""
    two = [*person("lead@council.example", "Maya"), *person("mo@council.example", "Ruth")]
    answers = ["Testford", "testford.example", *two, "", ""]
    printed = run("init", "--print-keys-anyway", given="\n".join(answers)).output
    email, vault = "alternate@auditors.example", "whistleblowing-alternate"
    add = ("staff", "add", email, "--name", "Helen", "--role", "alternate-recipient", "--here")
    made = run(*add, given="four quiet words here\nfour quiet words here\n")
    assert made.exit_code == 0
    mark = re.search(r"Fingerprint of the key, for whoever lets them in: (\S+)", made.output)[1]
    granted = run("vault", "grant", vault, email, given="\n".join([*shares_of(printed, vault)[1:], mark, ""]))
    assert granted.exit_code == 0, granted.output
    assert run("check").exit_code == 0


def test_a_share_that_was_mistyped_is_told_before_anybody_is_rung_and_before_the_next_one_types(run):
    three = [*person("lead@council.example", "Maya"), *person("mo@council.example", "Ruth"), "", ""]
    printed = run("init", "--print-keys-anyway", given="\n".join(["T", "testford.example", *three])).output
    first, second, _ = shares_of(printed, "complaints")
    refused = run("vault", "grant", "complaints", "lead@council.example", given=first[:-1] + "\n")
    assert refused.exit_code == 1
    assert "Share of another number" not in refused.output
    refused = run("vault", "grant", "complaints", "lead@council.example", given=f"{first}\n{second[:-1]}\n")
    assert refused.exit_code == 1
    assert "Ring the officer" not in refused.output


def test_a_password_that_is_too_short_is_asked_for_again_and_set_up_goes_on(run):
    """It ended there: the keys printed, no account made, and no second set-up."""
    first, *rest = person("lead@council.example", "Maya")
    name, *passwords = rest
    people = [first, name, "short", "short", *passwords, *person("mo@council.example", "Ruth")]
    people += person("alternate@auditors.example", "Helen")
    made = run("init", "--print-keys-anyway", given="\n".join(["T", "testford.example", *people]) + "\n")
    assert "12 to 200 characters" in made.output
    assert "Set up. Start it with" in made.output


def test_an_address_that_is_none_or_has_an_account_is_asked_for_again_and_set_up_goes_on(run):
    """It ended there, after a password was typed in vain: the keys printed, and whoever was to come next not asked."""
    people = [*person("lead@council.example", "Maya"), "lead", "Ruth", "lead@council.example", "Ruth"]
    people += person("mo@council.example", "Ruth") + person("alternate@auditors.example", "Helen")
    made = run("init", "--print-keys-anyway", given="\n".join(["T", "testford.example", *people]) + "\n")
    assert "'lead' is not an e-mail address." in made.output
    assert "There is already an account for lead@council.example." in made.output
    assert "Set up. Start it with" in made.output


def test_set_up_asks_for_the_alternate_and_is_then_ready(run):
    three = [
        *person("lead@council.example", "Maya"),
        *person("mo@council.example", "Ruth"),
        *person("alternate@auditors.example", "Helen"),
    ]
    printed = run(
        "init", "--print-keys-anyway", given="\n".join(["Testford", "testford.example", *three]) + "\n"
    ).output
    assert "Set up. Start it with" in printed
    assert run("check").exit_code == 0
    last = run("staff", "disable", "alternate@auditors.example")
    assert last.exit_code == 1
    assert "last who can open" in last.output
    again = ("staff", "add", "alternate@auditors.example", "--name", "Helen", "--role", "alternate-recipient")
    assert run(*again).exit_code == 1
    assert run(*again, "--again").exit_code == 1
    assert run("vault", "remove", "whistleblowing-alternate", "alternate@auditors.example").exit_code == 1
    assert run("check").exit_code == 0


def test_two_printed_shares_open_their_own_vault_and_no_other(run, tmp_path):
    printed = run("init", "--demonstration").output
    grant = ("vault", "grant", "whistleblowing", "monitoring@demonstration.example")
    wrong = run(*grant, given="\n".join(shares_of(printed, "complaints")) + "\n\n")
    assert "is of the vault 'complaints', and not of 'whistleblowing'" in wrong.output
    two = "\n".join(shares_of(printed, "whistleblowing")[:2])
    unread = run(*grant, given=f"{two}\n\n")
    assert "Nobody was let in" in unread.output
    shown = fingerprint_of(tmp_path, "monitoring@demonstration.example")
    right = run(*grant, given=f"{two}\n{shown}\n")
    assert right.exit_code == 0
    mistyped = run(*grant, given="ABC\n\n")
    assert mistyped.exit_code == 1


def test_a_demonstration_asks_nothing_and_stays_one(run, tmp_path):
    assert run("init", "--demonstration").exit_code == 0
    settings = tmp_path / "instance" / "settings.toml"
    settings.write_text(settings.read_text().replace("demonstration = true", ""))
    refused = run("counts", "--year", "2025-26")
    assert refused.exit_code == 1
    assert "demonstration" in refused.output


def test_the_moment_is_set_in_a_demonstration_only(run):
    run("init", "--print-keys-anyway", given="Testford\ntestford.example\n\n\n\n")
    refused = run("tick", "--as-of", "2026-12-01T09:00")
    assert refused.exit_code == 1
    assert "demonstration only" in refused.output
    assert run("tick").exit_code == 0


def test_the_worked_cases_come_out_of_the_command(run):
    rows = list(csv.DictReader(CASES.open(encoding="utf-8")))
    lines = []
    for row in rows:
        events = dict(event.split("=") for event in row["events"].split())
        lines.append(json.dumps({"procedure": row["procedure"], "events": events}))
    result = run("clock", given="\n".join(lines) + "\n")
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.output.splitlines()]
    assert len(answers) == len(rows)
    for row, answer in zip(rows, answers, strict=True):
        found = next(known for known in answer["deadlines"] if known["deadline"] == row["deadline"])
        assert (found["due"], found["latest"] or "") == (row["due"], row["latest"])


def test_a_wrong_line_is_named_and_the_others_are_answered(run):
    lines = [
        '{"procedure": "corporate", "events": {"received": "2026-01-16T17:05"}}',
        "not json",
        '{"procedure": "no-such", "events": {"received": "2026-01-16"}}',
        '{"procedure": "corporate", "events": {}}',
        '{"procedure": "corporate", "events": {"received": "2026-02-30"}}',
    ]
    result = run("clock", given="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert [("error" in answer) for answer in answers] == [False, True, True, True, True]
    assert {
        "deadline": "stage-1-response",
        "due": "2026-02-06",
        "latest": "2026-02-20",
        "from": "received",
        "provisional": True,
    } in answers[0]["deadlines"]


def test_the_working_is_explained_day_by_day(run):
    line = '{"procedure": "children-statutory", "events": {"received": "2026-04-01T09:00"}}\n'
    told = run("clock", "--explain", given=line).output
    assert "Good Friday" in told
    assert "day 10" in told


def test_the_counts_in_every_form(run):
    run("init", "--demonstration")
    told = json.loads(run("counts", "--year", "2024-25", "--format", "json").output)
    assert [row["measure"] for row in told["rows"]] == [
        measure for measure in MEASURES if measure not in ADDED
    ]
    assert {row["count"] for row in told["rows"]} == {None}
    assert told["period"] == "2024-25"
    assert "not recorded" in run("counts", "--year", "2024-25", "--quarter", "1").output
    written = run("counts", "--year", "2024-25", "--format", "csv").output
    assert written.startswith("period,table,measure,value,figure,mark")
    assert "2024-25,received,compliments,,,n" in written
    assert run("counts", "--year", "2024-25", "--quarter", "1", "--edition", "1").exit_code == 1
    assert run("counts", "--year", "2024-25", "--edition", "first").exit_code == 2


def test_the_report_is_written_to_a_file(run, tmp_path):
    run("init", "--demonstration")
    for form, begins in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")):
        out = tmp_path / f"report.{form}"
        assert run("counts", "--year", "2024-25", "--format", form, "--out", str(out)).exit_code == 0
        assert out.read_bytes().lstrip().startswith(begins)


def test_a_year_is_written_one_way(run):
    wrong = run("counts", "--year", "2024")
    assert wrong.exit_code == 2
    assert "2024-25" in wrong.output


def test_the_journal_is_verified_from_the_command_line(run, tmp_path):
    run("init", "--demonstration")
    assert "lines hold" in run("audit", "verify").output
    with by_hand(tmp_path / "instance") as connection:
        connection.execute("UPDATE journal SET act = 'nothing' WHERE number = 2")
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "Line 2 was changed" in broken.output


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("authority_colour", '"green"', "colour"),
        ("services", f'["{"Bins " * 17}"]', "at most 80 characters"),
        ("workers", "0", "between"),
        ("workers", '"many"', "whole number"),
        ("listen", '"here"', "address and a port"),
        ("no_such_setting", "1", "no such setting"),
        ("smtp_security", '"maybe"', "starttls"),
        ("second_factor", "false", "demonstration"),
        ("exit_address", '"javascript:alert(1)"', "https"),
        ("authority_logo", '"../../etc/passwd"', "no file"),
        ("database_url", '"mysql://x"', "postgresql"),
        ("catalogue_folder", '"/nowhere"', "no folder"),
        ("trusted_hosts", '["https://council.example"]', "bare names"),
        ("trusted_hosts", '["*"]', "bare names"),
        ("trusted_hosts", '[".council.example"]', "bare names"),
        ("extra_holidays", '{ "2026-02-30" = "x" }', "must name days"),
    ],
)
def test_a_bad_setting_refuses_to_start_and_says_which_and_why(tmp_path, name, value, says):
    (tmp_path / "settings.toml").write_text(f"{name} = {value}\n")
    with pytest.raises(config.BadSetting, match=says) as refusal:
        config.load(tmp_path)
    assert name in str(refusal.value)


def test_a_demonstration_listens_on_this_machine_only(tmp_path):
    (tmp_path / "settings.toml").write_text('demonstration = true\nlisten = "0.0.0.0:8000"\n')
    with pytest.raises(config.BadSetting, match="this machine only"):
        config.load(tmp_path)


def test_an_authoritys_own_holiday_moves_a_date(run, tmp_path):
    place = tmp_path / "instance"
    place.mkdir()
    (place / "settings.toml").write_text('[extra_holidays]\n"2026-01-19" = "Day of mourning"\n')
    line = '{"procedure": "corporate", "events": {"received": "2026-01-16T17:05"}}\n'
    told = run("clock", "--explain", given=line).output
    assert "Day of mourning" in told
    assert json.loads(run("clock", given=line).output)["deadlines"][0]["due"] == "2026-01-26"


@pytest.mark.both
def test_a_vaults_fingerprint_is_printed_with_its_shares_and_a_swap_is_found_with_it(run, tmp_path):
    printed = run("init", "--demonstration").output
    two, listed = "\n".join(shares_of(printed, "complaints")[1:]), run("vault", "list").output
    mark = re.search(r"^(\S+)  complaints \(", listed, re.M)[1]
    assert printed.count(mark) == 1
    assert mark in run("vault", "check", "complaints", given=two + "\n").output
    false = KeyPair.generate().public
    with by_hand(tmp_path / "instance") as connection:
        connection.execute("UPDATE vaults SET public = ? WHERE id = 'complaints'", (false,))
    refused = run("vault", "check", "complaints", given=two + "\n")
    assert refused.exit_code == 1
    assert "compare the vault's fingerprint" in refused.output
    assert "THE DATABASE HAS ANOTHER KEY" in run("vault", "list").output
    assert "was changed in the database" in run("tick").output
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "The key of the vault 'complaints' differs" in broken.output


@pytest.mark.both
def test_the_journal_is_held_against_heads_that_were_kept_elsewhere(run, tmp_path):
    run("init", "--demonstration")
    head, kept = run("audit", "head").output.strip(), tmp_path / "heads.txt"
    kept.write_text(head + "\n")
    run("staff", "add", "one@council.example", "--name", "One", "--role", "senior-officer")
    with kept.open("a") as heads:
        heads.write(run("audit", "head").output)
    for against in (head, str(kept)):
        assert run("audit", "verify", "--against", against).exit_code == 0
    with by_hand(tmp_path / "instance") as connection:
        connection.execute("DELETE FROM journal WHERE act = 'invited'")
        connection.execute("DELETE FROM staff WHERE email = 'one@council.example'")
    assert run("audit", "verify").exit_code == 0
    cut = run("audit", "verify", "--against", str(kept))
    assert cut.exit_code == 1
    assert "Its end was cut off" in cut.output
    assert "cannot be read" in run("audit", "verify", "--against", str(tmp_path / "nowhere")).output
    assert "not a head" in run("audit", "verify", "--against", "intake-head lines=1").output


def test_an_instance_of_an_earlier_version_is_told_to_upgrade_and_then_prints_its_fingerprints(run, tmp_path):
    run("init", "--demonstration")
    (tmp_path / "instance" / "keys" / "vaults.json").unlink()
    refused = run("staff", "list")
    assert refused.exit_code == 1
    assert "run `intake upgrade`" in refused.output
    upgraded = run("upgrade").output
    assert "believed as they stand" in upgraded
    marks = re.findall(r"^(\S+)  whistleblowing \(", run("vault", "list").output, re.M)
    assert marks[0] in upgraded
    assert "believed" not in run("upgrade").output
    assert run("audit", "verify").exit_code == 0
