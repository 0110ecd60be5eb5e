"""An administrator's own file: what is wrong with it is said with the file and the key."""

from datetime import date, datetime

import pytest

from intake.procedures.loading import BUILT_IN, CatalogueError, load_catalogue
from intake.procedures.moves import Refusal, SetDate
from intake.procedures.standing import opened
from intake.procedures.workflow import decide
from intake.procedures.working_days import Calendar

GOOD = (BUILT_IN / "mp-enquiry.toml").read_text(encoding="utf-8")
CORPORATE = (BUILT_IN / "corporate.toml").read_text(encoding="utf-8")
CHILDREN = (BUILT_IN / "children-statutory.toml").read_text(encoding="utf-8")


def load(folder, text, name="mp-enquiry.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def test_a_file_of_the_same_name_replaces_the_built_in_one(tmp_path):
    catalogue = load(tmp_path, GOOD.replace("\ncount = 10", "\ncount = 15"))
    assert catalogue["mp-enquiry"].versions[0].limit("response").count == 15
    assert len(catalogue.procedures) == 13


def test_adults_are_not_counted_among_children_any_more(tmp_path):
    text = (BUILT_IN / "adult-social-care.toml").read_text(encoding="utf-8")
    text = text.replace('measure = "adult-social-care"', 'measure = "statutory-stage-1"')
    with pytest.raises(CatalogueError, match=r"counts children's complaints\. Write 'adult-social-care'"):
        load(tmp_path, text, "adult-social-care.toml")


def test_a_file_of_a_new_name_adds_a_procedure(tmp_path):
    catalogue = load(tmp_path, GOOD.replace('"mp-enquiry"', '"petition"', 1), "petition.toml")
    assert "petition" in catalogue
    assert "mp-enquiry" in catalogue


FAULTS = {
    "an id that no database holds": (
        'id = "response"',
        f'id = "response{"-again" * 9}"',
        "].id: must have at most 60 characters, not 62",
    ),
    "not TOML": ("id =", "id = = ", "cannot be read"),
    "an unknown key": ("\ncount = 10", "\ncount = 10\ncuont = 5", "limits[response].cuont: is not a key"),
    "an unknown key at the top": ("reader =", 'colour = "red"\nreader =', "colour: is not a key"),
    "no source": ('source = "This', 'note = "This', "limits[response].source: is missing"),
    "an empty source": (
        'source = "This authority\'s standard for enquiries"',
        'source = " "',
        "must not be empty",
    ),
    "no force": ('force = "local"\n', "", "force: is missing"),
    "an unknown force": ('"local"', '"custom"', "force: is 'custom' but must be one of"),
    "a bad unit": ('"working-days"', '"weeks"', "limits[response].unit: is 'weeks'"),
    "a count that is a text": ("\ncount = 10", '\ncount = "ten"', "count: must be a whole number"),
    "a count that is true": ("\ncount = 10", "\ncount = true", "count: must be a whole number"),
    "a count of nothing": ("\ncount = 10", "\ncount = 0", "count: must lie between 1 and 400"),
    "an unknown starting event": ('counts_from = "received"', 'counts_from = "sent"', "counts_from: 'sent'"),
    "an unknown event that meets": ('met_by = ["responded"]', 'met_by = ["sent"]', "met_by: 'sent'"),
    "nothing that meets": ('met_by = ["responded"]', "met_by = []", "met_by: must be a list of texts"),
    "rolling forward what counts working days": (
        "\ncount = 10",
        "\ncount = 10\nrolls_forward = true",
        "rolls_forward: is for limits in days or months only",
    ),
    "lateness decided by a first reading": (
        "\ncount = 10",
        "\ncount = 10\ndecides_lateness = true",
        "decides_lateness: is for the second reading",
    ),
    "moving with a limit that is not there": (
        "\ncount = 10",
        '\ncount = 10\nmoves_with = "answer"',
        "moves_with: 'answer' is not a limit listed above it",
    ),
    "a late request of the authority": (
        "\ncount = 10",
        '\ncount = 10\nlate_request = "may-be-refused"',
        "late_request: is for what the complainant may ask for",
    ),
    "outcomes of a version without an answer's": (
        "stages = [",
        'outcomes = [{ id = "gone", label = "Gone", given_by = "withdrawal" }]\nstages = [',
        "outcomes: needs at least one that an answer may give",
    ),
    "an unknown stage": (
        'stage = "stage-1"\ncounts_from',
        'stage = "stage-9"\ncounts_from',
        "limits[response].stage: 'stage-9'",
    ),
    "an event after nobody knows what": (
        'kind = "respond", follows = "received"',
        'kind = "respond", follows = "sent"',
        "events[responded].follows: 'sent'",
    ),
    "an unknown kind": ('kind = "respond"', 'kind = "reply"', "events[responded].kind: is 'reply'"),
    "an event twice": ('id = "acknowledged"', 'id = "received"', "events: has 'received' twice"),
    "an outcome twice": ('id = "withdrawn"', 'id = "answered"', "outcomes: has 'answered' twice"),
    "a stage that is never answered": (
        'kind = "respond"',
        'kind = "record"',
        "exactly one event of the kind 'respond'",
    ),
    "a pause without end": ('kind = "resume"', 'kind = "record"', "needs one of the kind 'resume'"),
    "an unknown reader": ('reader = "complaints"', 'reader = "everybody"', "reader: is 'everybody'"),
    "another side's people": ('"senior-officer"', '"monitoring-officer"', "].to: is 'monitoring-officer'"),
    "a kind that no file may write": ('kind = "respond"', 'kind = "answer-anew"', "kind: is 'answer-anew'"),
    "a new answer at once": ("{ count = 10,", "{ count = 0,", "new_answer.count: must lie between 1 and 400"),
    "a new answer up no ladder": (
        '10, escalation = "long"',
        '10, escalation = "steep"',
        "new_answer.escalation: is 'steep'",
    ),
    "a limit of the name of a new answer's": (
        'id = "response"',
        'id = "stage-1-new-answer"',
        "stands there twice",
    ),
    "an unknown ladder": ('escalation = "long"', 'escalation = "steep"', "escalation: is 'steep'"),
    "an unknown measure": ('"mp-enquiries"', '"letters"', "stages[stage-1].measure: is 'letters'"),
    "another file's id": ('id = "mp-enquiry"', 'id = "mp"', "id: must be 'mp-enquiry'"),
    "a statutory clock that pauses": ('force = "local"', 'force = "law"', "pausable: a clock of force 'law'"),
    "a Code clock that pauses": ('force = "local"', 'force = "code"', "pausable: a clock of force 'code'"),
    "a first day in working days": (
        "pausable = true",
        "beginning_with_the_day = true",
        "beginning_with_the_day: is for limits in days or months",
    ),
    "chasing the complainant": ("pausable = true", 'owed_by = "complainant"', "nobody is chased"),
    "a final stage that leads nowhere": (
        'measure = "mp-enquiries"',
        'final = true, measure = "mp-enquiries"',
        "final: a final stage needs a signpost",
    ),
    "a version with an offset": (
        "told = [",
        "received_from = 2026-01-16T17:00:00Z\ntold = [",
        "received_from: must not have an offset",
    ),
    "a version of a year that no calendar knows": (
        "told = [",
        "received_from = 9999-12-31T23:59:59\ntold = [",
        "received_from: must lie in the years from 1990 to 2150",
    ),
    "a version with a date alone": (
        "told = [",
        "received_from = 2026-01-16\ntold = [",
        "received_from: must be a date",
    ),
    "a basis that is not there": ("pausable = true", 'before_known = "x"', "before_known: 'x'"),
    "a first reading that is not there": (
        "pausable = true",
        'second_reading_of = "x"',
        "second_reading_of: 'x'",
    ),
    "outcomes that are no table": (
        "outcomes = [",
        'outcomes = ["yes",',
        "outcomes: must be a list of tables",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_and_the_key(tmp_path, fault):
    old, new, words = FAULTS[fault]
    assert old in GOOD
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith("mp-enquiry.toml: ")
    assert words in str(caught.value)


def test_versions_may_not_overlap_or_be_out_of_order(tmp_path):
    line = "received_from = 2026-01-16T17:00:00\n"
    with pytest.raises(
        CatalogueError, match=r"corporate\.toml: versions\[two-stage\]\.received_from: .* overlaps"
    ):
        load(tmp_path, CORPORATE.replace(line, ""), "corporate.toml")
    early = CORPORATE.replace("told = [", "received_from = 2027-01-01T00:00:00\ntold = [", 1)
    with pytest.raises(CatalogueError, match="out of order"):
        load(tmp_path, early, "corporate.toml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to = 20", "to = 20\nadd = 10", "extension.to: give 'to' or 'add'"),
        ("to = 20", "to = 10", "extension.to: must be more than the limit itself, 10"),
        ("to = 20", "until = 20", "extension.until: is not a key"),
        ('kind = "open-stage"', 'kind = "record"', "stages[stage-2].id: this stage needs exactly one event"),
    ],
)
def test_extensions_and_stages_are_checked(tmp_path, old, new, words):
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, CHILDREN.replace(old, new, 1), "children-statutory.toml")
    assert words in str(caught.value)


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match=r"odd\.toml: cannot be read"):
        load_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="no such folder"):
        load_catalogue(tmp_path / "nowhere")


OMBUDSMAN = (BUILT_IN / "ombudsman-enquiry.toml").read_text(encoding="utf-8")
SIGNPOSTING = """
[versions.limits.extension]
condition = "With the holder's agreement."
source = "Our policy"
signposts = true
"""
LONG_CHAIN = """
[[versions.limits]]
id = "later"
label = "Later"
stage = "stage-1"
counts_from = "acknowledged"
before_known = "response"
count = 400
unit = "months"
met_by = ["responded"]
force = "local"
source = "Our policy"
"""
# Each of these was accepted once, and an act, a letter, a page or a tick broke on it later.
BROKE_LATER = {
    "a letter that names nobody": (GOOD + SIGNPOSTING, "limits[response].extension.signposts: needs a signpost"),
    "no outcome for an answer": (
        GOOD.replace('label = "Answered" }', 'label = "Answered", given_by = "refusal" }').replace(
            'label = "Referred elsewhere", needs', 'label = "Referred elsewhere", given_by = "withdrawal", needs'
        ),
        "outcomes: needs at least one",
    ),
    "no answer is ever final": (
        GOOD.replace('label = "Answered" }', 'label = "Answered", final = false }').replace(
            'label = "Referred elsewhere", needs', 'label = "Referred elsewhere", final = false, needs'
        ),
        "outcomes: needs at least one",
    ),
    "a step twice": (
        GOOD.replace('{ days = 1, to = "complaints-manager", level = 3 },\n    { days = 5', "{ days = 5")
        .replace('{ days = -2, to = "complaints-officer"', '{ days = 0, to = "complaints-officer"'),
        "escalation.long: has two steps",
    ),
    "a clock that may be paused and cannot": (
        GOOD.replace("pausable = true\n", ""),
        "no limit that is pausable",
    ),
    "dates beyond the calendar": (
        GOOD.replace("\ncount = 10", "\ncount = 400").replace('"working-days"', '"months"').replace(
            "pausable = true\n", ""
        ).replace('kind = "pause"', 'kind = "record"').replace('kind = "resume"', 'kind = "record"')
        + LONG_CHAIN,
        "limits[later].count: with the limits that it rests on",
    ),
    "two limits of one label": (
        GOOD + LONG_CHAIN.replace("400", "4").replace('"Later"', '"Answer"'),
        "limits[later].label: 'Answer' stands there twice",
    ),
    "two outcomes of one label": (
        GOOD.replace('label = "Referred elsewhere"', 'label = "Answered"'),
        "outcomes[referred].label: 'Answered' stands there twice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKE_LATER)
def test_what_would_break_later_is_refused_before_anything_starts(tmp_path, fault):
    text, words = BROKE_LATER[fault]
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith("mp-enquiry.toml: ")
    assert words in str(caught.value)


def test_versions_and_stages_are_told_apart_by_their_labels(tmp_path):
    """The letter's dates are looked up by them: those of another version came out, or nothing."""
    code = "Two stages under the Ombudsman's Complaint Handling Code"
    before = "Three stages, for complaints received before 17:00 on 16 January 2026"
    with pytest.raises(CatalogueError, match=r"versions\[two-stage\]\.label: .* stands there twice"):
        load(tmp_path, CORPORATE.replace(code, before), "corporate.toml")
    with pytest.raises(CatalogueError, match=r"stages\[stage-2\]\.label: .* stands there twice"):
        load(
            tmp_path,
            CHILDREN.replace("Stage 2: independent investigation", "Stage 1: local resolution"),
            "children-statutory.toml",
        )


def test_an_event_cannot_wait_for_a_later_stage(tmp_path):
    late = CHILDREN.replace(
        'kind = "open-stage", follows = "stage-1-responded"', 'kind = "open-stage", follows = "received"'
    ).replace(
        'id = "stage-2-responded", label = "Stage 2 answered (adjudication)", stage = "stage-2"',
        'id = "stage-2-responded", label = "Stage 2 answered (adjudication)", stage = "stage-1"',
    )
    with pytest.raises(CatalogueError, match="belongs to a later stage"):
        load(tmp_path, late, "children-statutory.toml")


def test_a_concern_cannot_be_sent_to_other_readers_by_a_file(tmp_path):
    concern = (BUILT_IN / "whistleblowing.toml").read_text(encoding="utf-8")
    opened_up = concern.replace('reader = "whistleblowing"', 'reader = "complaints"')
    opened_up = opened_up.replace('"deputy-monitoring-officer"', '"senior-officer"')
    opened_up = opened_up.replace('"monitoring-officer"', '"complaints-manager"')
    with pytest.raises(CatalogueError, match=r"whistleblowing\.toml: reader: must stay 'whistleblowing'"):
        load(tmp_path, opened_up, "whistleblowing.toml")
    petition = opened_up.replace('id = "whistleblowing"', 'id = "petition"', 1)
    (tmp_path / "whistleblowing.toml").unlink()
    assert load(tmp_path, petition, "petition.toml")["petition"].reader == "complaints"


def test_a_date_that_leads_beyond_the_calendar_is_refused_and_not_a_crash(tmp_path):
    text = OMBUDSMAN + LONG_CHAIN.replace('"acknowledged"\nbefore_known = "response"', '"response-date-set"')
    version = load(tmp_path, text, "ombudsman-enquiry.toml")["ombudsman-enquiry"].versions[-1]
    asked = opened(version, datetime(2026, 3, 2, 10), Calendar())
    refused = decide(asked, SetDate(date(2026, 3, 3), date(2149, 12, 31)))
    assert isinstance(refused, Refusal)
    assert "after 2150" in refused.reason
    assert not isinstance(decide(asked, SetDate(date(2026, 3, 3), date(2026, 3, 31))), Refusal)
