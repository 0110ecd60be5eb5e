"""What a clone brings along: the project alone, and nothing of the machine on which somebody worked."""

import subprocess

from intake.config import ROOT


def _tracked(*asked: str) -> list[str]:
    answer = subprocess.run(["git", "ls-files", *asked], cwd=ROOT, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def test_a_clone_brings_no_link_that_leads_to_somebody_else_s_machine():
    links = [line for line in _tracked("--stage") if line.startswith("120000")]
    assert not links


def test_nothing_is_kept_that_git_is_told_to_leave_out():
    assert not _tracked("--cached", "--ignored", "--exclude-standard")
