"""A restore into a folder that somebody left something in, or that was stopped at any of its steps."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from intake import config
from intake.database import writing
from intake.models import Notice, Staff
from intake.services.ground import journal, notices, pinning
from intake.services.ground.refusals import Refused
from intake.services.instance import anchoring, backups, founding, leftovers, restoring
from intake.services.people import accounts
from intake.vault import second_factor
from tests.conftest import opened

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def paper(office) -> str:
    """The printed recovery key of backups."""
    return backups.new_key(office, now=NOW).text


@pytest.fixture
def backup(office, paper, tmp_path) -> Path:
    backups.make(office, tmp_path / "b", now=NOW)
    return tmp_path / "b"


def is_whole(place: Path) -> None:
    assert not list(place.glob(".*"))
    with opened(place) as restored:
        founding.check(restored)
        assert journal.verify(restored).fault == ""
        assert pinning.faults(restored) == []


@pytest.mark.parametrize("left", ["intake.db-wal", "intake.db-shm", "drafts.sqlite", "catalogue", "note"])
def test_a_folder_with_anything_left_in_it_is_refused_by_name(backup, paper, tmp_path, left):
    """The log of a dead instance was taken for the restored one's, and the database was torn."""
    place = tmp_path / "new"
    place.mkdir()
    (place / left).mkdir() if left == "catalogue" else (place / left).write_bytes(b"of another")
    with pytest.raises(Refused, match=left):
        restoring.restore(backup, paper, place, now=NOW)
    assert [path.name for path in place.iterdir()] == [left]
    (place / left).rename(tmp_path / "elsewhere")
    restoring.restore(backup, paper, place, now=NOW)
    is_whole(place)


class Stopped(BaseException):
    """The power went, as far as this process is concerned: nothing after it is tidied."""


def stop_at(monkeypatch, number: int) -> None:
    """The process ends before the step of this number, each of which is a rename; the last one ends the mark."""
    count = [0]

    def counting(real):
        def step(self, *arguments, **named):
            if config.RESTORING in str(self) and self.parent.name != "keys":
                count[0] += 1
                if count[0] == number:
                    raise Stopped
            return real(self, *arguments, **named)

        return step

    monkeypatch.setattr(Path, "rename", counting(Path.rename))
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_stopped_at_any_step_nothing_else_works_there_and_the_next_run_ends_it(
    backup, paper, tmp_path, monkeypatch, step
):
    place = tmp_path / "new"
    with monkeypatch.context() as stopped:
        stop_at(stopped, step)
        with pytest.raises(Stopped):
            restoring.restore(backup, paper, place, now=NOW)
    with pytest.raises(config.BadSetting, match="restored in part"):
        config.load(place)
    restoring.restore(backup, paper, place, now=NOW)
    is_whole(place)


def test_killed_between_the_renames_it_goes_on_with_the_same_file_alone(
    office, backup, paper, tmp_path, monkeypatch
):
    place = tmp_path / "new"
    with monkeypatch.context() as stopped:
        stop_at(stopped, 3)
        with pytest.raises(Stopped):
            restoring.restore(backup, paper, place, now=NOW)
    backups.make(office, tmp_path / "other", now=NOW)
    with pytest.raises(Refused, match="another file"):
        restoring.restore(tmp_path / "other", paper, place, now=NOW)
    (place / "intake.db").write_bytes(b"somebody began here")
    with pytest.raises(Refused, match=r"intake\.db"):
        restoring.restore(backup, paper, place, now=NOW)
    (place / "intake.db").unlink()
    restoring.restore(backup, paper, place, now=NOW)
    is_whole(place)


def test_a_refusal_leaves_no_servers_key_in_clear(backup, paper, tmp_path):
    sealed = backup.read_bytes()
    (tmp_path / "bad").write_bytes(sealed[:-1])
    for file in (tmp_path / "bad", tmp_path / "none", tmp_path):
        with pytest.raises(Refused):
            restoring.restore(file, paper, tmp_path / "new", now=NOW)
        with pytest.raises(Refused):
            restoring.rehearse(file, paper, tmp_path, now=NOW)
    assert not list(tmp_path.rglob("server.key")) or list(tmp_path.rglob("server.key")) == [
        tmp_path / "instance" / "keys" / "server.key"
    ]


def test_a_killed_rehearsal_is_swept_by_the_next_and_one_at_work_is_not(backup, paper, tmp_path, monkeypatch):
    child = os.fork()
    if child == 0:
        restoring._checked = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        try:
            restoring.rehearse(backup, paper, tmp_path, now=NOW)
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    (left,) = tmp_path.glob(".rehearsal-*")
    assert (left / "keys" / "server.key").exists()
    with leftovers.held(left):
        restoring.sweep(tmp_path)
        assert left.exists()
    restoring.rehearse(backup, paper, tmp_path, now=NOW)
    assert not list(tmp_path.glob(".rehearsal-*"))


def test_who_left_since_is_named_and_no_invitation_of_that_time_is_taken_up(office, paper, tmp_path):
    code = accounts.invite(office, "joiner@council.example", "Jo", "complaints-officer", now=NOW)
    backups.make(office, tmp_path / "b", now=NOW)
    accounts.disable(office, "officer@demonstration.example", now=NOW)
    found = restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)
    back = {one.email: one.vaults for one in found.accounts}
    assert back["officer@demonstration.example"] == ("complaints",)
    assert "joiner@council.example" not in back
    with opened(tmp_path / "new") as restored:
        with pytest.raises(Refused):
            accounts.join(
                restored,
                "joiner@council.example",
                code,
                "four quiet words",
                second_factor.new_secret(),
                "",
                now=NOW,
            )
        assert restored.session.scalar(select(Staff.id).where(Staff.invitation.is_not(None))) is None
    is_whole(tmp_path / "new")


def test_an_alarm_that_waited_for_the_mail_is_still_told(office, paper, tmp_path):
    with writing(office.session):
        somebody = office.session.scalar(select(Staff.id).where(Staff.role == "complaints-officer"))
        notices.tell(office, somebody, "key-alarm", now=NOW)
        notices.tell(office, somebody, "news", now=NOW)
    backups.make(office, tmp_path / "b", now=NOW)
    restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)
    with opened(tmp_path / "new") as restored:
        kinds = restored.session.scalars(select(Notice.kind).where(Notice.staff_id == somebody)).all()
        assert sorted(kinds) == ["key-alarm", "restored"]


def test_the_council_sees_by_prints_and_by_a_kept_head_whether_it_is_theirs(office, paper, tmp_path):
    early = anchoring.head(office, now=NOW)
    backups.make(office, tmp_path / "b", now=NOW)
    accounts.invite(office, "later@council.example", "La", "complaints-officer", now=NOW)
    late = anchoring.head(office, now=NOW)
    found = restoring.rehearse(tmp_path / "b", paper, tmp_path, heads=[early, late], now=NOW)
    assert found.fingerprints == {one.id: one.fingerprint for one in pinning.vaults(office)}
    with pytest.raises(Refused, match="later"):
        restoring.rehearse(tmp_path / "b", paper, tmp_path, heads=[late], now=NOW)
    text = early.text.replace(early.hash.hex(), "00" * 32)
    for act in (
        lambda heads: restoring.rehearse(tmp_path / "b", paper, tmp_path, heads=heads, now=NOW),
        lambda heads: restoring.restore(tmp_path / "b", paper, tmp_path / "new", heads=heads, now=NOW),
    ):
        with pytest.raises(Refused, match="not of the instance"):
            act(anchoring.parse(text))


@pytest.mark.parametrize("key", ['"database_url"', "'database_url'", "database_url "])
def test_a_database_elsewhere_is_left_behind_however_the_setting_is_written(
    office, instance, paper, tmp_path, key
):
    office.session.rollback()
    office.session.get_bind().dispose()
    shutil.copy(instance / "intake.db", tmp_path / "live.db")
    settings = instance / "settings.toml"
    settings.write_text(f'{key} = "sqlite:///{tmp_path}/live.db"\n' + settings.read_text())
    with opened(instance) as configured:
        backups.make(configured, tmp_path / "b", now=NOW)
    restoring.restore(tmp_path / "b", paper, tmp_path / "new", now=NOW)
    assert config.load(tmp_path / "new").url == f"sqlite:///{tmp_path / 'new' / 'intake.db'}"


def test_settings_that_a_restore_could_not_change_are_told_when_there_is_time_to_mend_them(
    office, instance, paper, tmp_path
):
    settings = instance / "settings.toml"
    settings.write_text(settings.read_text() + '"catalogue\\u005ffolder" = ""\n')
    with pytest.raises(Refused, match="cannot be changed safely"):
        backups.make(office, tmp_path / "b", now=NOW)


def test_a_backup_takes_no_name_that_somebody_took_meanwhile_and_follows_no_link(
    office, paper, tmp_path, monkeypatch
):
    (tmp_path / "b.part").symlink_to(tmp_path / "precious")
    real = backups._give_name

    def raced(part, target):
        target.write_text("another's")
        real(part, target)

    monkeypatch.setattr(backups, "_give_name", raced)
    with pytest.raises(Refused, match="never replaces"):
        backups.make(office, tmp_path / "b", now=NOW)
    assert (tmp_path / "b").read_text() == "another's"
    assert not (tmp_path / "precious").exists()


def test_a_backup_of_the_trial_format_is_refused_in_words(backup, paper, tmp_path):
    (tmp_path / "old").write_bytes(backup.read_bytes().replace(b"intake backup 2", b"intake backup 1"))
    with pytest.raises(Refused, match="format that this version does not open"):
        restoring.rehearse(tmp_path / "old", paper, tmp_path, now=NOW)


def test_a_rehearsal_unpacks_into_memory_or_the_instance_and_never_where_somebody_stands(
    instance, backup, paper, tmp_path, monkeypatch
):
    """Killed in a home folder or on a share, it left the server's key there."""
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    monkeypatch.setenv("INTAKE_INSTANCE", str(instance))
    memory, unpack, places = leftovers.MEMORY, restoring._unpack, []
    monkeypatch.setattr(
        restoring, "_unpack", lambda *given: (places.append(given[2].parent), unpack(*given))[1]
    )
    restoring.rehearse(backup, paper, now=NOW)
    monkeypatch.setattr(leftovers, "MEMORY", tmp_path / "none")
    restoring.rehearse(backup, paper, now=NOW)
    assert places[0] in {memory, instance}
    assert places[1] == instance
    assert not list(instance.glob(".rehearsal-*"))
