"""Roads, without a server: which pages are asked, and what is made of the answers."""

from types import SimpleNamespace

import pytest

from intake.procedures.offices import BY_ROLE
from intake.web.asked import assembling, offering, roads
from intake.web.asked.questions import CATEGORIES, YES, field_of
from intake.web.asked.roads import ROADS, Said

SETTINGS = SimpleNamespace(
    short_characters=200,
    narrative_characters=20_000,
)
OFFERED = (("cared-for", "Children's social care"), ("adults", "Adult social care"), ("Housing", "Housing"))
OFFICES_IN_USE = tuple((role, BY_ROLE[role].title) for role in ("monitoring-officer", "chief-executive"))
STORY = {"story": {"story": ["It happened."]}}
WHOLE = {
    "complaint": {
        "subject": {"subject": ["other"]},
        "service": {"service": ["Housing"]},
        "for-whom": {"for_whom": ["self"]},
        **STORY,
        "remedy": {"happened": [""], "remedy": [""]},
        "adjustments": {"adjustments": [""]},
        "level": {"level": ["named"]},
        "contact": {"name": ["Sam Ash"], "email": [""], "phone": [""], "address": [""]},
    },
    "concern": {
        "safety": {},
        "category": {"category": ["environment"]},
        "about-officer": {"about_officer": ["no"]},
        **STORY,
        "evidence": {"evidence": [""], "told": [""]},
        "level": {"level": ["anonymous"]},
        "identify": {"read_again": ["y"]},
    },
}


@pytest.fixture(autouse=True)
def offered(monkeypatch):
    """The services that an authority offers, and the offices in use."""
    monkeypatch.setattr(offering, "services", lambda: OFFERED)
    monkeypatch.setattr(offering, "offices", lambda: OFFICES_IN_USE)


def ids(road: str, answers) -> list[str]:
    return [page.id for page in ROADS[road].asked(answers)]


def filled(road: str, answers) -> list[roads.Filled]:
    return list(roads.filled(ROADS[road], answers, SETTINGS))


def sent_of(road: str, answers):
    return assembling.submission(ROADS[road], filled(road, answers))


@pytest.mark.parametrize(
    ("road", "answers", "procedure"),
    [
        ("complaint", {"subject": {"subject": ["children"]}}, "children-statutory"),
        ("complaint", {"subject": {"subject": ["adults"]}}, "adult-social-care"),
        ("complaint", {"subject": {"subject": ["information"]}}, "data-protection"),
        ("complaint", {"subject": {"subject": ["other"]}}, "corporate"),
        ("constituent", {"writer": {"writer": ["mp"]}}, "mp-enquiry"),
        ("constituent", {"writer": {"writer": ["councillor"]}}, "councillor-enquiry"),
        ("concern", {}, "whistleblowing"),
        ("request", {}, "service-request"),
        ("question", {}, "general-enquiry"),
        ("thanks", {}, "compliment"),
    ],
)
def test_answers_choose_the_procedure(road, answers, procedure):
    assert assembling.procedure_of(ROADS[road], Said(answers)) == procedure


@pytest.mark.parametrize("road", sorted(WHOLE))
def test_whole_answers_leave_no_gap(road):
    assert roads.first_gap(filled(road, WHOLE[road])) is None


@pytest.mark.parametrize(("road", "page"), [(road, page) for road in WHOLE for page in WHOLE[road]])
def test_no_page_can_be_left_out(road, page):
    rest = {name: given for name, given in WHOLE[road].items() if name != page}
    assert roads.first_gap(filled(road, rest)) is not None


def test_a_child_is_offered_an_advocate_and_a_parent_is_not():
    about_child = {"subject": {"subject": ["children"]}}
    assert "advocate" in ids("complaint", about_child | {"child": {"relation": ["child"]}})
    assert "advocate" in ids("complaint", about_child | {"child": {"relation": ["care-leaver"]}})
    assert "advocate" not in ids("complaint", about_child | {"child": {"relation": ["parent"]}})


def test_consent_is_asked_of_whoever_writes_for_another():
    other = {"subject": {"subject": ["other"]}}
    assert "consent" in ids("complaint", other | {"for-whom": {"for_whom": ["other"]}})
    assert "consent" not in ids("complaint", other | {"for-whom": {"for_whom": ["self"]}})


def test_a_name_given_before_choosing_anonymity_is_not_sent():
    answers = WHOLE["complaint"] | {"level": {"level": ["anonymous"]}, "identify": {"read_again": ["y"]}}
    sent = sent_of("complaint", answers)
    assert sent.level == "anonymous"
    assert sent.identity == ()
    assert "Sam Ash" not in repr(sent)


def test_a_page_that_is_not_asked_decides_nothing():
    """Somebody said they are a child, then chose another subject: no advocate is asked for."""
    answers = {"subject": {"subject": ["other"]}, "child": {"relation": ["child"]}}
    assert not {"child", "advocate"} & set(ids("complaint", answers))


def test_a_name_travels_apart_from_the_words():
    sent = sent_of("complaint", WHOLE["complaint"])
    assert [answer.answer for answer in sent.identity] == ["Sam Ash"]
    assert "Sam Ash" not in repr(sent.words)
    assert (sent.place, sent.procedure) == ("Housing", "corporate")


@pytest.mark.parametrize(("said", "elsewhere"), [("yes", True), ("unsure", True), ("no", False)])
def test_a_concern_about_the_monitoring_officer_goes_to_somebody_else(said, elsewhere):
    answers = WHOLE["concern"] | {"about-officer": {"about_officer": [said]}}
    sent = sent_of("concern", answers)
    assert sent.named == (("unsure",) if elsewhere else ())
    assert (sent.category, sent.place) == ("environment", None)


MO, CHIEF, AUDITOR = "monitoring-officer", "chief-executive", "chief-internal-auditor"


@pytest.mark.parametrize(
    ("about", "said_yes", "named", "fault"),
    [
        ("yes", [MO], (MO,), ""),
        ("yes", [MO, CHIEF], (MO, CHIEF), ""),
        ("unsure", [CHIEF], (CHIEF, "unsure"), ""),
        ("yes", [], ("unsure",), "Say Yes of everybody"),
        ("no", [MO], (MO,), "You chose No"),  # asked again; if it could be sent, the name would count
    ],
)
def test_about_whom_a_concern_is(about, said_yes, named, fault):
    given = {field_of(role): [f"{role} {YES if role in said_yes else 'no'}"] for role in (MO, CHIEF)}
    answers = WHOLE["concern"] | {"about-officer": {"about_officer": [about], **given}}
    page = filled("concern", answers)[2]
    assert page.form.validate() != bool(fault)
    assert fault in "".join(page.form.about_officer.errors)
    assert sent_of("concern", answers).named == named


@pytest.mark.parametrize("sent", [f"{AUDITOR} {YES}", "mayor yes", "yes", f"{CHIEF} no"])
def test_an_answer_about_another_office_than_the_page_asks_of_is_asked_again(sent):
    """A page that was drawn before an office came or went, or a form that was tampered with."""
    answers = WHOLE["concern"] | {"about-officer": {"about_officer": ["no"], field_of(MO): [sent]}}
    pages = filled("concern", answers)
    assert roads.first_gap(pages).id == "about-officer"
    assert "Choose again" in pages[2].form[field_of(MO)].errors[0]


def test_an_office_that_was_named_and_is_not_in_use_any_more_still_counts():
    """The deputy may answer to it."""
    answers = WHOLE["concern"] | {
        "about-officer": {
            "about_officer": ["yes"],
            field_of(MO): [f"{MO} {YES}"],
            field_of(AUDITOR): [f"{AUDITOR} {YES}"],
        }
    }
    assert sent_of("concern", answers).named == (MO, AUDITOR)


def test_who_was_named_stands_among_the_answers_and_who_was_not_does_not():
    given = {field_of(MO): [f"{MO} {YES}"], field_of(CHIEF): [f"{CHIEF} no"]}
    answers = WHOLE["concern"] | {"about-officer": {"about_officer": ["yes"], **given}}
    told = {row.question: row.answer for row in assembling.rows(filled("concern", answers))}
    assert told["Monitoring officer"] == "Yes"
    assert "Chief executive" not in told


@pytest.mark.parametrize(("name", "level"), [("", "anonymous"), ("Jo", "named")])
def test_thanks_need_no_name(name, level):
    answers = {
        "service": {"service": ["Housing"]},
        **STORY,
        "perhaps-contact": {"name": [name], "email": [""], "phone": [""], "address": [""]},
    }
    assert roads.first_gap(filled("thanks", answers)) is None
    assert sent_of("thanks", answers).level == level


def test_seven_statutory_categories_and_one_other():
    assert len(CATEGORIES) == 8
    assert CATEGORIES[-1][0] == "other"


@pytest.mark.parametrize("page", [page for road in ROADS.values() for page in road.pages], ids=lambda p: p.id)
def test_every_page_has_a_heading_and_names_fields_of_its_own(page):
    assert page.heading
    reserved = {"csrf_token", "draft", "page", "go"}
    assert not reserved & {field.name for field in page.bound(None, SETTINGS)}


def test_a_page_is_bound_once_for_the_check_and_for_what_is_sent(monkeypatch):
    """Seen before: twice, which was a sixth of a send."""
    bound, inner = [], roads.Page.bound
    monkeypatch.setattr(roads.Page, "bound", lambda page, *rest: bound.append(page.id) or inner(page, *rest))
    pages = filled("complaint", WHOLE["complaint"])
    assert roads.first_gap(pages) is None
    assert assembling.submission(ROADS["complaint"], pages).words
    assert bound == ids("complaint", WHOLE["complaint"])
