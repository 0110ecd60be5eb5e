"""`intake serve`: the web server and the tick, together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import click

from intake import config
from intake.cli.opening import opened
from intake.cli.parenthood import ends_with_me
from intake.config import BadSetting
from intake.services.ground import custody, pinning
from intake.services.instance import restoring

TICK_SECONDS = 60


@click.command()
@click.option("--listen", help="Address and port; default 127.0.0.1:8000 or the setting.")
def serve(listen: str | None) -> None:
    """Run the web server (gunicorn) and the tick until stopped."""
    settings = config.load(overrides={"listen": listen} if listen else None)
    restoring.sweep()
    with opened(settings) as office:  # a bad setting or database is told here, before anything starts
        config.check_site(settings)
        custody.check(office)
        for fault in custody.faults(office) + pinning.faults(office):
            click.echo(fault, err=True)  # where keys differ reporters go on: they seal to the pinned ones
    _check_free(settings.listen)
    children = {
        "the web server": _child(_gunicorn(settings)),
        "the tick": _child(_tick()),
    }
    stopping = []

    def stop(number, _frame) -> None:
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


def _child(command: list[str]) -> subprocess.Popen:
    return subprocess.Popen(command, cwd=config.ROOT, preexec_fn=ends_with_me())  # noqa: S603


def _gunicorn(settings: config.Settings) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
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


def _tick() -> list[str]:
    return [sys.executable, "-m", "intake.cli", "tick", f"--every={TICK_SECONDS}"]
