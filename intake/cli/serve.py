"""`intake serve`: the web server and the tick, together.

This process does nothing but watch over them, all day, so it loads next to nothing: whatever needs the database is
asked of a process that ends.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from intake import config
from intake.cli.parenthood import ends_with_me
from intake.config import BadSetting
from intake.services.instance import which_database

TICK_SECONDS = 60


@click.command()
@click.option("--listen", help="Address and port; default 127.0.0.1:8000 or the setting.")
def serve(listen: str | None) -> None:
    """Run the web server (gunicorn) and the tick until stopped."""
    settings = config.load(overrides={"listen": listen} if listen else None)
    if settings.instance.is_dir():
        click.get_current_context().with_resource(which_database.at_work(settings.instance))
    # A bad setting or database is told here, before anything starts; in words, by whoever found it.
    check = _child(_intake("check-to-serve"), settings, folder=None, stderr=subprocess.PIPE)
    click.echo(check.communicate()[1], err=True, nl=False)
    if check.returncode:
        sys.exit(check.returncode)
    config.check_site(settings)
    _check_free(settings.listen)
    children = {
        "the web server": _child(_gunicorn(settings), settings),
        "the tick": _child(_intake("tick", f"--every={TICK_SECONDS}"), settings),
    }
    stopping = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)
        for child in children.values():
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    told = False
    while not stopping:
        for name, child in children.items():
            if child.poll() is not None and not stopping:
                click.echo(f"{name} ended (status {child.returncode}); stopping.", err=True)
                stop(0, None)
        if not told and _answers(settings.listen):
            told = True
            click.echo(f"Intake answers at http://{settings.listen}/")
        time.sleep(0.2)
    for child in children.values():
        child.wait()
    sys.exit(1 if stopping[0] == 0 else 0)


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def _check_free(listen: str) -> None:
    """Raises `BadSetting` where something else listens: it would be taken for us."""
    host, port = _address(listen)
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        why = f"we cannot listen at {listen} ({error.strerror}). Another program may be there: name another port"
        raise BadSetting("listen", f"{why} in settings.toml, or with --listen.") from error


def _answers(listen: str) -> bool:
    try:
        with socket.create_connection(_address(listen), timeout=1):
            return True
    except OSError:
        return False


def _child(
    command: list[str],
    settings: config.Settings,
    folder: Path | None = config.ROOT,
    stderr: int | None = None,
) -> subprocess.Popen[bytes]:
    """A process of its own, which finds the instance from wherever it works and ends with this one."""
    named = os.environ | {"INTAKE_INSTANCE": str(settings.instance)}
    ends = ends_with_me()
    return subprocess.Popen(command, cwd=folder, env=named, stderr=stderr, preexec_fn=ends)  # noqa: S603


def _gunicorn(settings: config.Settings) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config=gunicorn.conf.py",
        "--worker-class=intake.web.serving.Worker",
        f"--workers={settings.workers}",
        f"--threads={settings.threads}",
        f"--bind={settings.listen}",
        "--graceful-timeout=20",
        "--timeout=60",
        "--keep-alive=0",  # or the rest of a body that nobody wanted would be read before the next request
        "--no-control-socket",
        "--forwarder-headers=",  # or whoever comes from this machine, as through Tor, says where the site begins
        "--worker-tmp-dir=/dev/shm",
        "--log-level=error",  # its warnings repeat addresses and pieces of requests
        "wsgi:app",
    ]


def _intake(*command: str) -> list[str]:
    return [sys.executable, "-m", "intake.cli", *command]
