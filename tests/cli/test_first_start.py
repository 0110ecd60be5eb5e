"""From nothing to a real instance that may be served: what is asked, printed, and refused."""

from __future__ import annotations

import os
import pty
import select
import socket
import subprocess
import sys

import pytest

from intake import config, create_app

INTAKE = [sys.executable, "-m", "intake.cli"]
PEOPLE = "".join(
    f"{who}@council.example\n{who}\nfour quiet words here\nfour quiet words here\n"
    for who in ("lead", "mo", "alternate")
)
ANSWERS = f"Testford Council\ncomplaints.testford.example\n{PEOPLE}".encode()


@pytest.fixture
def environment(tmp_path):
    return os.environ | {"INTAKE_INSTANCE": str(tmp_path / "instance")}


def in_a_terminal(*arguments: str, environment, typed: bytes) -> tuple[int, str]:
    """Run a command as somebody at a terminal would: its exit status, and what stands on the screen."""
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        [*INTAKE, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    answers = iter(typed.splitlines(keepends=True))
    shown = b""
    while select.select([ours], [], [], None)[0]:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other end has gone: the command is over
            break
        if not piece:
            break
        shown += piece
        if piece.rstrip(b"\r\n").endswith(
            b": "
        ):  # a prompt; what is typed ahead of a password is thrown away
            os.write(ours, next(answers, b""))
    os.close(ours)
    return command.wait(), shown.decode()


def test_the_keys_are_printed_to_a_terminal_and_to_nothing_that_keeps_them(environment, tmp_path):
    log = tmp_path / "log.txt"
    with log.open("wb") as kept:
        refused = subprocess.run(
            [*INTAKE, "init"], input=ANSWERS, stdout=kept, stderr=subprocess.PIPE, env=environment
        )
    assert refused.returncode == 1
    assert "not a terminal" in refused.stderr.decode()
    assert "--print-keys-anyway" in refused.stderr.decode()
    assert log.read_bytes() == b""
    assert not (tmp_path / "instance").exists()

    status, shown = in_a_terminal("init", environment=environment, typed=ANSWERS)
    assert status == 0, shown
    assert "Recovery shares." in shown


def test_who_knows_what_reads_the_keys_may_say_so(environment):
    piped = subprocess.run(
        [*INTAKE, "init", "--print-keys-anyway"], input=ANSWERS, capture_output=True, env=environment
    )
    assert piped.returncode == 0
    assert b"Recovery shares." in piped.stdout


def test_a_demonstrations_keys_open_nothing_of_worth_and_are_printed_anywhere(environment):
    piped = subprocess.run([*INTAKE, "init", "--demonstration"], capture_output=True, env=environment)
    assert piped.returncode == 0
    assert b"Recovery shares." in piped.stdout


def test_init_asks_for_the_sites_name_and_the_site_answers_to_it_alone(environment, tmp_path):
    status, shown = in_a_terminal(
        "init", environment=environment, typed=ANSWERS.replace(b"\ncomp", b"\nnot a name\nhttps://comp", 1)
    )
    assert status == 0, shown
    assert "Type a name such as" in shown
    settings = config.load(tmp_path / "instance")
    assert settings.trusted_hosts == ("complaints.testford.example",)
    assert settings.staff_address == "https://complaints.testford.example/staff/"
    client = create_app(settings).test_client()
    assert client.get("/", base_url="https://complaints.testford.example").status_code == 200
    for name in ("evil.example", "localhost", "127.0.0.1:8000"):
        assert client.get("/", base_url=f"https://{name}").status_code == 400


def test_what_settings_lack_that_were_written_before_set_up_is_asked_for_and_they_are_kept(
    environment, tmp_path
):
    """The address of a database has to stand there before. Seen before: nobody was asked for a name, telephones
    showed "Your council" for good, and it was not served."""
    (tmp_path / "instance").mkdir(mode=0o700)
    written = (
        f'database_url = "sqlite:///{tmp_path}/else.db"  # ours\n[extra_holidays]\n"2027-05-03" = "Fair"\n'
    )
    (tmp_path / "instance" / "settings.toml").write_text(written)
    status, shown = in_a_terminal("init", environment=environment, typed=ANSWERS)
    assert status == 0, shown
    assert "Testford%20Council" in shown
    settings = config.load(tmp_path / "instance")
    assert (settings.authority_name, settings.trusted_hosts) == (
        "Testford Council",
        ("complaints.testford.example",),
    )
    assert settings.extra_holidays
    assert (tmp_path / "instance" / "settings.toml").read_text().endswith(written)
    assert (tmp_path / "else.db").exists()


def test_a_demonstration_may_have_its_database_elsewhere(environment, tmp_path):
    """Seen before: "belongs to a real instance"."""
    (tmp_path / "instance").mkdir(mode=0o700)
    (tmp_path / "instance" / "settings.toml").write_text(f'database_url = "sqlite:///{tmp_path}/else.db"\n')
    done = subprocess.run([*INTAKE, "init", "--demonstration"], capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert config.load(tmp_path / "instance").demonstration
    assert (tmp_path / "else.db").exists()


def test_a_real_instance_without_a_name_is_not_served(environment, tmp_path):
    subprocess.run(
        [*INTAKE, "init", "--print-keys-anyway"],
        input=ANSWERS,
        capture_output=True,
        env=environment,
        check=True,
    )
    settings = tmp_path / "instance" / "settings.toml"
    lines = settings.read_text().splitlines()
    settings.write_text("\n".join(line for line in lines if not line.startswith("trusted_hosts")) + "\n")
    refused = subprocess.run(
        [*INTAKE, "serve", "--listen", "127.0.0.1:0"], capture_output=True, text=True, env=environment
    )
    assert refused.returncode == 1
    assert "trusted_hosts" in refused.stderr
    assert str(settings) in refused.stderr
    with pytest.raises(config.BadSetting, match="trusted_hosts"):
        create_app(config.load(tmp_path / "instance"))
    # What needs no web goes on: nobody's date is missed for want of a name.
    assert subprocess.run([*INTAKE, "tick"], capture_output=True, env=environment).returncode == 0


def test_a_port_that_somebody_else_has_is_told_and_nothing_is_said_to_answer(environment, tmp_path):
    """The address was announced, and whoever opened it met the other program."""
    (tmp_path / "instance").mkdir(mode=0o700)
    demonstration = environment | {"INTAKE_DEMONSTRATION": "1"}
    subprocess.run([*INTAKE, "init", "--demonstration"], capture_output=True, env=demonstration, check=True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        refused = subprocess.run(
            [*INTAKE, "serve", "--listen", listen], capture_output=True, text=True, env=environment
        )
    assert refused.returncode == 1
    assert "Another program may be there" in refused.stderr
    assert "answers" not in refused.stdout


def test_what_was_never_set_up_is_told_so_by_serve_too(environment):
    refused = subprocess.run([*INTAKE, "serve"], capture_output=True, text=True, env=environment)
    assert "has not been set up: run `intake init`" in refused.stderr


def test_set_up_killed_before_its_keys_were_printed_is_run_again_and_prints_them(environment, tmp_path):
    """It said "set up already", and told everybody to use a recovery key that was never printed."""
    killed = (
        "import os, signal\n"
        "from intake.services.ground import pinning\n"
        "pinning.pin = lambda office: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from intake.cli import main\n"
        "main(['init', '--print-keys-anyway'])\n"
    )
    first = subprocess.run(
        [sys.executable, "-c", killed], input=ANSWERS, capture_output=True, env=environment
    )
    assert first.returncode < 0
    again = subprocess.run(
        [*INTAKE, "init", "--print-keys-anyway"],
        input=PEOPLE.encode(),
        capture_output=True,
        env=environment,
    )
    assert again.returncode == 0, again.stderr
    assert b"were believed" not in again.stdout
    assert again.stdout.count(b"fingerprint of the") == 3 * 3 + 1  # on each share, and that of backups
    for command in (["check"], ["audit", "verify"]):
        done = subprocess.run([*INTAKE, *command], capture_output=True, env=environment)
        assert done.returncode == 0, done.stderr
    third = subprocess.run([*INTAKE, "init", "--print-keys-anyway"], capture_output=True, env=environment)
    assert b"set up already" in third.stderr
