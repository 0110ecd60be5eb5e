"""What a visit keeps: opened by its cookie and the server's key together, for a while, and never beyond a bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.services.ground.office import assemble
from intake.services.ground.refusals import DraftUnreadable, NotStored
from intake.services.holders import visits
from intake.services.people import drafts
from intake.vault.server import ServerKey
from tests.by_hand import in_the_drafts

NOW = datetime(2026, 6, 1, 10, 20, tzinfo=UTC)
WORDS = {"story": "Something very private."}


@pytest.fixture
def visit():
    return visits.begin_visit()


@pytest.fixture
def place(office, visit):
    place = visits.new_place(visits.REPORT)
    visits.keep(office, visit, place, WORDS, now=NOW)
    return place


def filled(office) -> int:
    """Bytes: of the file, or of what lies in the table; the room of what was deleted is used again."""
    if office.drafts.dialect.name == "sqlite":
        return (office.settings.instance / "drafts.sqlite").stat().st_size
    with in_the_drafts(office.settings.instance) as drafts:
        (size,) = drafts.execute("SELECT sum(length(sealed)) FROM kept_drafts").fetchone()
    return size


def rows(office) -> list[tuple]:
    with in_the_drafts(office.settings.instance) as connection:
        return connection.execute("SELECT lookup, visit, hour, sealed FROM kept_drafts").fetchall()


def test_it_opens_again_for_its_visit_and_for_nobody_else(office, visit, place):
    again = visits.visit_of(visit.cookie)
    assert visits.read(office, again, place, now=NOW) == WORDS
    assert visits.read(office, visits.begin_visit(), place, now=NOW) is None
    other = visits.Place(visits.RETURN, place.serial)
    assert visits.read(office, visit, other, now=NOW) is None


def test_another_servers_key_opens_nothing(office, visit, place):
    assert visits.read(replace(office, key=ServerKey(bytes(32))), visit, place, now=NOW) is None


def test_an_altered_or_moved_row_opens_nothing(office, visit, place):
    other = visits.new_place(visits.REPORT)
    visits.keep(office, visit, other, {"story": "Another."}, now=NOW)
    with in_the_drafts(office.settings.instance) as connection:
        blobs = {lookup: sealed for lookup, _, _, sealed in rows(office)}
        one, two = blobs
        connection.execute("UPDATE kept_drafts SET sealed = ? WHERE lookup = ?", (blobs[two], one))
        connection.execute("UPDATE kept_drafts SET sealed = ? WHERE lookup = ?", (blobs[one], two))
    assert visits.read(office, visit, place, now=NOW) is None
    assert visits.read(office, visit, other, now=NOW) is None


def test_the_row_tells_an_hour_and_a_size_that_an_ordinary_story_does_not_change(office, visit, place):
    longer = visits.new_place(visits.REPORT)
    visits.keep(office, visit, longer, {"story": "w" * 20_000}, now=NOW)
    (first, second) = rows(office)
    assert len(first[3]) == len(second[3]) == 32 * 1024 + 29
    assert {first[2], second[2]} == {int(NOW.timestamp()) // 3600}
    assert visit.cookie.encode() not in b"".join(first[:2] + second[:2])


def test_what_is_kept_is_over_some_hours_after_the_last_press(office, visit, place):
    hours = office.settings.draft_hours
    assert visits.read(office, visit, place, now=NOW + timedelta(hours=hours)) == WORDS
    late = NOW + timedelta(hours=hours + 1)
    assert visits.read(office, visit, place, now=late) is None
    assert len(rows(office)) == 1
    assert visits.sweep(office, now=late) == 1
    assert rows(office) == []


def test_what_a_clock_that_was_ahead_has_kept_is_over(office, visit, place):
    assert visits.read(office, visit, place, now=NOW - timedelta(days=1)) is None


def test_by_a_clock_that_cannot_be_right_nothing_is_over(office, visit, place):
    """Seen before: the first press by such a clock threw away what everybody else had typed."""
    in_1970 = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    assert visits.read(office, visit, place, now=in_1970) == WORDS
    visits.keep(office, visits.begin_visit(), visits.new_place(visits.REPORT), WORDS, now=in_1970)
    assert visits.sweep(office, now=in_1970) == 0
    assert visits.read(office, visit, place, now=NOW) == WORDS


@pytest.mark.sqlite
def test_after_the_sweep_neither_the_file_nor_its_log_holds_the_sealed_bytes(office, visit, place):
    ((_, _, _, sealed),) = rows(office)
    visits.sweep(office, now=NOW + timedelta(days=1))
    for path in office.settings.instance.glob("drafts.sqlite*"):
        assert sealed[100:200] not in path.read_bytes()


def test_leaving_throws_everything_of_the_visit_away_and_nothing_of_others(office, visit, place):
    visits.keep(office, visit, visits.new_place(visits.RETURN), {"code": "x"}, now=NOW)
    other, theirs = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(office, other, theirs, WORDS, now=NOW)
    visits.leave(office, visit)
    assert visits.read(office, visit, place, now=NOW) is None
    assert visits.read(office, other, theirs, now=NOW) == WORDS
    assert len(rows(office)) == 1


def test_whoever_begins_again_and_again_keeps_a_few_and_the_story_that_is_being_written(office, visit, place):
    """Seen before: all of an hour tied, and the story went in 2 runs of 12."""
    opened = visits.new_place(visits.RETURN)
    visits.keep(office, visit, opened, {"code": "x"}, now=NOW)
    for number in range(20):
        visits.keep(office, visit, visits.new_place(visits.REPORT), {"number": number}, now=NOW)
        visits.keep(office, visit, place, WORDS, now=NOW)
        visits.keep(office, visit, visits.new_place(visits.RETURN), {"number": number}, now=NOW)
        visits.keep(office, visit, opened, {"code": "x"}, now=NOW)
    assert len(rows(office)) == 2 * visits.MOST_OF_ONE_VISIT
    assert visits.read(office, visit, place, now=NOW) == WORDS
    assert visits.read(office, visit, opened, now=NOW) == {"code": "x"}


def test_a_case_opened_again_and_again_takes_no_report_away(office, visit, place):
    for number in range(30):
        visits.keep(office, visit, visits.new_place(visits.RETURN), {"number": number}, now=NOW)
    assert visits.read(office, visit, place, now=NOW) == WORDS


def test_the_oldest_by_use_goes_first(office, visit):
    places = [visits.new_place(visits.REPORT) for _ in range(visits.MOST_OF_ONE_VISIT + 1)]
    for place in (*places, *places[2:]):
        visits.keep(office, visit, place, WORDS, now=NOW)
    assert [visits.read(office, visit, place, now=NOW) is None for place in places[:3]] == [
        True,
        False,
        False,
    ]


class Crowd:
    """Strangers who press a button of a small office without end, and keep what they were given."""

    def __init__(self, office) -> None:
        self.office = assemble(replace(office.settings, draft_megabytes=16, workers=1), office.session)
        self.kept = []

    def begin(self, number: int, *, presses: int = 1, now: datetime = NOW) -> None:
        for _ in range(number):
            visit, place = visits.begin_visit(), visits.new_place(visits.REPORT)
            for _ in range(presses):
                visits.keep(self.office, visit, place, WORDS, now=now)
            self.kept.append((visit, place))

    def still_there(self, now: datetime = NOW) -> list[bool]:
        return [visits.read(self.office, *one, now=now) is not None for one in self.kept]


@pytest.fixture
def crowd(office) -> Crowd:
    return Crowd(office)


def test_strangers_who_begin_without_end_keep_nobody_out_and_take_no_story(office, crowd):
    """Seen before: refused from the 49th beginning of the hour on, whoever came."""
    writer, story = visits.begin_visit(), visits.new_place(visits.REPORT)
    reader, receipt = visits.begin_visit(), visits.new_place(visits.REPORT)
    for _ in range(2):
        assert visits.keep(crowd.office, writer, story, WORDS, now=NOW) == bool(_)
    assert visits.keep(crowd.office, reader, receipt, {"receipt": "x"}, now=NOW, lasting=True)
    crowd.begin(1_000)
    late = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(crowd.office, *late, WORDS, now=NOW)
    assert visits.read(crowd.office, *late, now=NOW) == WORDS
    assert visits.read(crowd.office, writer, story, now=NOW) == WORDS
    assert visits.read(crowd.office, reader, receipt, now=NOW) == {"receipt": "x"}
    assert filled(crowd.office) <= 16 * 1024 * 1024


def test_it_is_a_lot_that_decides_which_of_those_that_were_only_begun_goes(crowd):
    """Rows live for a while that does not depend on who came first: some old ones are there, some young ones gone."""
    crowd.begin(1_000)
    there = crowd.still_there()
    room = sum(there)
    assert 380 < room < 480
    assert not all(there[-room:])
    assert any(there[:-room])


def test_strangers_who_press_twice_fill_half_of_the_file_at_most_and_the_form_stays_open(crowd):
    for hour in range(crowd.office.settings.draft_hours + 1):
        crowd.begin(80, presses=2, now=NOW + timedelta(hours=hour))
    late = NOW + timedelta(hours=crowd.office.settings.draft_hours)
    with in_the_drafts(crowd.office.settings.instance) as connection:
        lasting, others = (
            connection.execute("SELECT count(*) FROM kept_drafts WHERE lasting = ?", (which,)).fetchone()[0]
            for which in (True, False)
        )
    assert 150 < lasting <= others + 20
    honest = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(crowd.office, *honest, WORDS, now=late)
    assert visits.read(crowd.office, *honest, now=late) == WORDS


def test_what_grows_without_end_does_not_last_and_makes_room(office, crowd):
    crowd.begin(1, presses=2)
    for _ in range(8):
        visits.keep(crowd.office, *crowd.kept[0], {"story": "w" * 3_000_000}, now=NOW)
        crowd.begin(1)
    crowd.begin(400)
    assert crowd.still_there().count(True) > 200


@pytest.mark.sqlite
def test_an_older_file_is_made_anew(office, instance):
    with in_the_drafts(instance) as connection:
        connection.execute(
            "CREATE TABLE drafts (lookup BLOB PRIMARY KEY, visit BLOB, hour INTEGER, sealed BLOB)"
        )
        connection.execute("INSERT INTO drafts VALUES (x'01', x'02', 3, x'04')")
    visit, place = visits.begin_visit(), visits.new_place(visits.REPORT)
    visits.keep(office, visit, place, WORDS, now=NOW)
    assert visits.read(office, visit, place, now=NOW) == WORDS
    with in_the_drafts(instance) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'drafts'").fetchone() == (
            0,
        )


def test_the_drafts_never_grow_beyond_their_bound(office, visit, place):
    small = assemble(replace(office.settings, draft_megabytes=14), office.session)
    visits.keep(small, visit, place, {"story": "w" * 3_000_000}, now=NOW)
    with pytest.raises(NotStored):
        visits.keep(small, visit, place, {"story": "w" * 15_000_000}, now=NOW)
    assert len(visits.read(small, visit, place, now=NOW)["story"]) == 3_000_000
    assert filled(small) <= 14 * 1024 * 1024


def test_an_import_that_holds_the_main_database_keeps_no_reporter_waiting(office, visit, place):
    from intake.database import writing

    with writing(office.session):
        visits.keep(office, visit, place, {"story": "Meanwhile."}, now=NOW)
    assert visits.read(office, visit, place, now=NOW) == {"story": "Meanwhile."}


def test_an_address_has_one_length_and_opens_to_its_visit_alone(visit):
    place, pages = visits.new_place(visits.REPORT), ("story", "about-officer", "sent")
    addresses = {page: visit.address(place, page) for page in pages}
    assert {len(address) for address in addresses.values()} == {32}
    for page, address in addresses.items():
        assert visit.find(visits.REPORT, address, pages) == (place, page)
        assert visit.find(visits.RETURN, address, pages) is None
        assert visits.begin_visit().find(visits.REPORT, address, pages) is None
    for nonsense in ("", "a" * 32, "é" * 32, addresses["sent"][:-1], addresses["sent"] + "A"):
        assert visit.find(visits.REPORT, nonsense, pages) is None


def test_an_officers_draft_opens_for_its_own_purpose_alone(office):
    text = drafts.seal(office, {"purpose": "joining"}, purpose="register")
    assert drafts.unseal(office, text, purpose="register") == {"purpose": "joining"}
    with pytest.raises(DraftUnreadable):
        drafts.unseal(office, text, purpose="joining")
    with pytest.raises(ValueError, match="no drafts"):
        drafts.seal(office, {}, purpose="anything")


def test_every_purpose_is_named_in_the_specification():
    from pathlib import Path

    import intake.vault

    spec = (Path(intake.vault.__file__).parent / "SPEC.md").read_text("utf-8")
    for purpose in (*drafts.PURPOSES, visits.REPORT, visits.RETURN):
        assert f"`{purpose}`" in spec
    for purpose in drafts.PURPOSES:
        assert f"`drafts/{purpose}`" in spec
