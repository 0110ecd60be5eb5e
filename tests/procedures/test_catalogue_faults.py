"""An administrator's own file: what is wrong with it is said with the file and the key."""

import pytest

from intake.procedures.loading import BUILT_IN, CatalogueError, load_catalogue

GOOD = (BUILT_IN / "mp-enquiry.toml").read_text(encoding="utf-8")
CORPORATE = (BUILT_IN / "corporate.toml").read_text(encoding="utf-8")
CHILDREN = (BUILT_IN / "children-statutory.toml").read_text(encoding="utf-8")


def load(folder, text, name="mp-enquiry.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def test_a_file_of_the_same_name_replaces_the_built_in_one(tmp_path):
    catalogue = load(tmp_path, GOOD.replace("count = 10", "count = 15"))
    assert catalogue["mp-enquiry"].versions[0].limit("response").count == 15
    assert len(catalogue.procedures) == 10


def test_a_file_of_a_new_name_adds_a_procedure(tmp_path):
    catalogue = load(tmp_path, GOOD.replace('"mp-enquiry"', '"petition"', 1), "petition.toml")
    assert "petition" in catalogue
    assert "mp-enquiry" in catalogue


FAULTS = {
    "not TOML": ("id =", "id = = ", "cannot be read"),
    "an unknown key": ("count = 10", "count = 10\ncuont = 5", "limits[response].cuont: is not a key"),
    "an unknown key at the top": ("reader =", 'colour = "red"\nreader =', "colour: is not a key"),
    "no source": ("source =", "note =", "limits[response].source: is missing"),
    "an empty source": (
        'source = "This authority\'s standard for enquiries"',
        'source = " "',
        "must not be empty",
    ),
    "no force": ('force = "local"\n', "", "force: is missing"),
    "an unknown force": ('"local"', '"custom"', "force: is 'custom' but must be one of"),
    "a bad unit": ('"working-days"', '"weeks"', "limits[response].unit: is 'weeks'"),
    "a count that is a text": ("count = 10", 'count = "ten"', "count: must be a whole number"),
    "a count that is true": ("count = 10", "count = true", "count: must be a whole number"),
    "a count of nothing": ("count = 10", "count = 0", "count: must lie between 1 and 400"),
    "an unknown starting event": ('counts_from = "received"', 'counts_from = "sent"', "counts_from: 'sent'"),
    "an unknown event that meets": ('met_by = ["responded"]', 'met_by = ["sent"]', "met_by: 'sent'"),
    "nothing that meets": ('met_by = ["responded"]', "met_by = []", "met_by: must be a list of texts"),
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
        'measure = "mp-enquiries", final = true',
        "final: a final stage needs a signpost",
    ),
    "a version with an offset": (
        "told = [",
        "received_from = 2026-01-16T17:00:00Z\ntold = [",
        "received_from: must not have an offset",
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
