"""Every setting, its default, and what refuses to start.

Settings come from three places, the later one winning: the defaults below, `settings.toml` in the
instance folder, and environment variables named `INTAKE_` and the setting's name in capitals.
A setting that cannot be used stops the program with `BadSetting`, which names it and says why.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "INTAKE_"
LONGEST_SERVICE = 80  # characters: a longer name would fit into SQLite alone
CONTACT = (
    r"(anybody|child|adult|work):\s*[^|\s][^|\n]{0,80}(\|[^|\n]{0,40}(\|[^|\n]{0,200})?)?"  # somebody to call
)
GROUND = r"[a-z][a-z0-9-]{0,23}:\s*\S.{0,199}"  # of refusing a complaint at the door
RESTORING = ".restoring"  # where a restore works, in the instance folder, until it is done


class BadSetting(ValueError):
    """A setting cannot be used; the message names it and says why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name!r}: {why}")
        self.name = name


@dataclass(frozen=True)
class Settings:
    """All settings of one instance. Durations are in the unit their name ends with."""

    instance: Path = ROOT / "instance"
    demonstration: bool = False
    database_url: str = ""  # empty: intake.db in the instance folder

    authority_name: str = "Your council"
    authority_colour: str = "#0b4f57"
    authority_logo: str = ""  # file name inside the instance folder, PNG or SVG
    authority_phone: str = ""
    authority_email: str = ""
    authority_address: str = ""
    advocacy_text: str = (
        "You can have an advocate: somebody independent who helps you to be heard. It is free."
    )
    ombudsman_text: str = (
        "The Local Government and Social Care Ombudsman: www.lgo.org.uk, telephone 0300 061 0614."
    )
    urgent_contacts: tuple[str, ...] = ()  # whom to call, each "whom: name | telephone | words", before ours
    exit_address: str = "https://www.bbc.co.uk/weather"
    monitoring_officer_line: str = ""  # the published one, for those who sent a concern
    whistleblowing_policy: str = ""  # where it stands, for officers
    whistleblowing_policy_review: str = ""  # by which day it is to be reviewed, as 2027-03-31
    prescribed_for: str = ""  # of what the council is a prescribed person, in words (SI 2014/2418)
    onion_address: str = ""
    services: tuple[
        str, ...
    ] = ()  # with which an instance begins, instead of a county's; a page keeps them since
    refusal_grounds: tuple[
        str, ...
    ] = ()  # why a complaint is refused at the door, each "id: words"; empty: ours

    narrative_characters: int = 20_000
    short_characters: int = 200
    suppress_below: int = 5  # open figures keep back parts from 1 up to this number, itself not included
    session_idle_minutes: int = 20
    session_hours: int = 10
    invitation_days: int = 7
    draft_hours: int = 8  # what a reporter has typed and not sent is thrown away so long after the last press
    draft_megabytes: int = 1_024  # all drafts together: strangers must not fill the disk
    second_factor: bool = True
    message_working_days: int = 3  # so long a concern's holder waits unread until somebody is told again
    rehearse_months: int = 12  # so long after the last trial of a vault's recovery another one is wanted
    identity_by_code: bool = False  # opening an identity takes a one-time code beside the password
    tell_identity_opened: bool = False  # whoever sent it reads that it was opened, and on which day
    detriment_months: tuple[str, ...] = ("3", "6", "12")  # after closing a concern its holder is asked
    reroute_by_two: bool = (
        False  # a case goes to another team when somebody else than who proposed it says so
    )
    # Offices, by role: who receives concerns, and who stands in for them where these are named, in this order.
    concerns_go_to: tuple[str, ...] = ("monitoring-officer", "deputy-monitoring-officer")
    concerns_then: tuple[str, ...] = ("chief-internal-auditor", "chief-executive", "chair-of-audit")
    hour_submissions: int = 300  # from the public, in one hour; what comes beyond is taken in and set aside
    hour_megabytes: int = 50
    ceiling_submissions: int = 6_000  # in one hour; beyond it nothing is taken in
    ceiling_megabytes: int = 1_000
    free_disk_megabytes: int = 200  # with less free disk nothing is taken in

    extra_holidays: Mapping[date, str] | None = None
    holidays_confirmed_through: int = 0  # as this release knows, or a later year
    catalogue_folder: str = ""  # an authority's own procedures, laid over the built-in ones

    news_times: tuple[str, ...] = ("09:00", "13:00", "16:00")  # when news of arrivals goes out, London time
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_security: str = "starttls"  # starttls, tls or none
    mail_from: str = ""
    staff_address: str = ""  # where officers sign in, as written in notices

    listen: str = "127.0.0.1:8000"
    machines: int = 1  # that serve this database
    workers: int = 2
    threads: int = 32
    trusted_hosts: tuple[str, ...] = ()
    behind_tls: bool = True  # cookies are sent over TLS only; false in a demonstration
    proxies: int = 0  # reverse proxies in front, each trusted for the scheme and the host alone

    @property
    def drafts_url(self) -> str:
        """Where drafts lie. Beside SQLite in a file of their own, so that no import makes a reporter wait and no backup
        takes it; on PostgreSQL with all else, where any machine finds them."""
        if self.url.startswith("postgresql"):
            return self.url
        return f"sqlite:///{self.instance / 'drafts.sqlite'}"

    @property
    def url(self) -> str:
        """The database's address, for SQLAlchemy, with the driver that we bring along."""
        scheme, found, rest = self.database_url.partition("://")
        if scheme == "postgresql":
            return f"{scheme}+psycopg{found}{rest}"
        return self.database_url or f"sqlite:///{self.instance / 'intake.db'}"


def place_of(instance: str | Path | None = None) -> Path:
    """The instance folder: the one named, or that of the environment."""
    return Path(instance or os.environ.get("INTAKE_INSTANCE") or ROOT / "instance").resolve()


def load(
    instance: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    *,
    restoring: bool = False,
) -> Settings:
    """Read the settings of an instance. Raises `BadSetting`, also for one that is restored in part.

    `restoring` is for the restore itself: whatever else worked in such a folder would begin another instance there.
    """
    place = place_of(instance)
    if not restoring and (place / RESTORING).exists():
        raise BadSetting(
            "instance",
            f"{place} is restored in part: a restore was begun here and did not end. Run `intake restore FILE` again, "
            "with the same file; or begin in an empty folder.",
        )
    given: dict[str, Any] = {"instance": place, **_from_file(place / "settings.toml")}
    given |= _from_environment()
    given |= dict(overrides or {})
    hints = get_type_hints(Settings)
    known = {field.name for field in fields(Settings)}
    for name in given:
        if name not in known:
            raise BadSetting(name, "there is no such setting.")
    settings = Settings(**{name: _typed(name, value, hints[name]) for name, value in given.items()})
    if settings.demonstration:
        hosts = settings.trusted_hosts or ("127.0.0.1", "localhost")
        settings = replace(settings, behind_tls=False, second_factor=False, trusted_hosts=hosts)
    _check(settings)
    return settings


def check_site(settings: Settings) -> None:
    """What must be set before the public is let in, and not to set an instance up. Raises `BadSetting`."""
    if not settings.trusted_hosts:
        raise BadSetting(
            "trusted_hosts",
            "must name the site as the public types it: anybody could else have our pages written under a name "
            f'of theirs. Write trusted_hosts = ["complaints.council.example"] into '
            f"{settings.instance / 'settings.toml'}.",
        )


def is_host(name: str) -> bool:
    """Whether a text is the bare name of a site: no scheme, port, path or wildcard."""
    return bool(re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", name, re.I))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(path.name, f"the file cannot be read: {error}.") from error


def _from_environment() -> dict[str, str]:
    known = {field.name for field in fields(Settings)} - {"instance"}
    return {
        name: os.environ[ENVIRONMENT_PREFIX + name.upper()]
        for name in known
        if ENVIRONMENT_PREFIX + name.upper() in os.environ
    }


def _typed(name: str, value: Any, hint: Any) -> Any:
    if hint is bool:
        return _boolean(name, value)
    if hint is int:
        return _whole_number(name, value)
    if hint is Path:
        return Path(value)
    if get_origin(hint) is tuple:
        return _list_of_text(name, value)
    if any(get_origin(one) is Mapping for one in get_args(hint)):
        return _holidays(name, value)
    if not isinstance(value, str):
        raise BadSetting(name, f"must be text, not {value!r}.")
    return value


def _boolean(name: str, value: Any) -> bool:
    spoken = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in spoken:
        return spoken[value.lower()]
    raise BadSetting(name, f"must be true or false, not {value!r}.")


def _whole_number(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value):
        return int(value)
    raise BadSetting(name, f"must be a whole number, not {value!r}.")


def _list_of_text(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise BadSetting(name, "must be a list of texts.")


def _holidays(name: str, value: Any) -> Mapping[date, str]:
    if value is None:
        return {}
    try:
        return {
            day if isinstance(day, date) else date.fromisoformat(day): str(what)
            for day, what in value.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise BadSetting(name, f"must name days as 2027-05-03 = 'what it is': {error}.") from error


def _check(settings: Settings) -> None:
    _check_look(settings)
    _check_policy(settings)
    _check_server(settings)
    _check_mail(settings)
    _check_aftercare(settings)
    if settings.demonstration and not settings.listen.startswith(("127.0.0.1:", "localhost:")):
        raise BadSetting("listen", "a demonstration listens on this machine only (127.0.0.1).")
    if settings.catalogue_folder and not Path(settings.catalogue_folder).is_dir():
        raise BadSetting("catalogue_folder", f"there is no folder {settings.catalogue_folder!r}.")
    if settings.identity_by_code and not settings.second_factor:
        raise BadSetting("identity_by_code", "takes a second factor, which is off here.")
    if not settings.demonstration and not settings.second_factor:
        raise BadSetting("second_factor", "can be off in a demonstration only.")


def _check_policy(settings: Settings) -> None:
    if (day := settings.whistleblowing_policy_review) and not _is_a_day(day):
        raise BadSetting("whistleblowing_policy_review", f"must be a day such as 2027-03-31, not {day!r}.")


def _is_a_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def _check_look(settings: Settings) -> None:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", settings.authority_colour):
        raise BadSetting("authority_colour", "must be a colour such as #0b4f57.")
    if not settings.authority_name.strip():
        raise BadSetting("authority_name", "must not be empty.")
    logo = settings.authority_logo
    if logo and (Path(logo).name != logo or not (settings.instance / logo).is_file()):
        raise BadSetting("authority_logo", f"there is no file {logo!r} in the instance folder.")
    if urlsplit(settings.exit_address).scheme not in {"http", "https"}:
        raise BadSetting("exit_address", "must be the address of a page, beginning with https://.")
    if wrong := [one for one in settings.refusal_grounds if not re.fullmatch(GROUND, one)]:
        raise BadSetting(
            "refusal_grounds",
            f'each is a word of small letters and hyphens, a colon and the reason, such as "court: A court is dealing '
            f'with the same matter", not {wrong[0]!r}.',
        )
    if wrong := [one for one in settings.urgent_contacts if not re.fullmatch(CONTACT, one)]:
        raise BadSetting(
            "urgent_contacts",
            "each is for whom (anybody, child, adult or work), a colon, then name, telephone and words with | between, "
            f'such as "anybody: Safeguarding team | 01632 960 002 | if somebody is being harmed", not {wrong[0]!r}.',
        )
    if long := [service for service in settings.services if len(service) > LONGEST_SERVICE]:
        raise BadSetting(
            "services", f"a name has at most {LONGEST_SERVICE} characters: {long[0]!r} has more."
        )


def _check_server(settings: Settings) -> None:
    for name, least, most in (
        ("narrative_characters", 1_000, 200_000),
        ("short_characters", 100, 1_000),
        ("suppress_below", 1, 20),
        ("session_idle_minutes", 1, 120),
        ("session_hours", 1, 24),
        ("invitation_days", 1, 60),
        ("rehearse_months", 1, 120),
        ("message_working_days", 1, 30),
        ("hour_submissions", 1, 1_000_000),
        ("hour_megabytes", 1, 100_000),
        ("ceiling_submissions", settings.hour_submissions, 10_000_000),
        ("ceiling_megabytes", settings.hour_megabytes, 1_000_000),
        ("free_disk_megabytes", 0, 1_000_000),
        ("draft_hours", 1, 48),
        ("draft_megabytes", 16, 100_000),
        ("machines", 1, 64),
        ("workers", 1, 64),
        ("threads", 1, 256),
        ("proxies", 0, 5),
        ("smtp_port", 1, 65_535),
        ("holidays_confirmed_through", 0, 2100),
    ):
        value = getattr(settings, name)
        if not least <= value <= most:
            raise BadSetting(name, f"must lie between {least} and {most}, not {value}.")
    if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", settings.listen):
        raise BadSetting("listen", "must be an address and a port, such as 127.0.0.1:8000.")
    for host in settings.trusted_hosts:
        if not is_host(host):
            raise BadSetting(
                "trusted_hosts", f"must be bare names such as complaints.council.example, not {host!r}."
            )
    if settings.database_url and urlsplit(settings.database_url).scheme.split("+")[0] not in {
        "sqlite",
        "postgresql",
    }:
        raise BadSetting("database_url", "must begin with sqlite:// or postgresql://.")
    try:
        urlsplit(settings.database_url).port  # noqa: B018 - it is read when it is asked for
    except ValueError as error:
        raise BadSetting("database_url", "has a port that is no number.") from error


def _check_aftercare(settings: Settings) -> None:
    months = settings.detriment_months
    if len(months) > 6 or not all(re.fullmatch(r"[1-9]\d?", count) and int(count) <= 60 for count in months):
        raise BadSetting(
            "detriment_months", 'must name up to six numbers of months, such as ["3", "6", "12"].'
        )


def _check_mail(settings: Settings) -> None:
    times = settings.news_times
    if not times or len(times) > 12 or not all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at) for at in times):
        raise BadSetting("news_times", "must name 1 to 12 times of the day such as 09:00.")
    if settings.smtp_security not in {"starttls", "tls", "none"}:
        raise BadSetting("smtp_security", "must be starttls, tls or none.")
    if settings.smtp_host and not re.fullmatch(r"[^@\s]+@[^@\s]+", settings.mail_from):
        raise BadSetting("mail_from", "must be an e-mail address when smtp_host is set.")
    if settings.smtp_security == "none" and settings.smtp_user:
        raise BadSetting("smtp_security", "a password is never sent without TLS: use starttls or tls.")
