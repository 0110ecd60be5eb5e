"""What is typed of a point of complaint, and of the statement that was agreed."""

from __future__ import annotations

from wtforms import Form, HiddenField, SelectField

from intake.services.cases import places, themes
from intake.services.points import setting_out
from intake.services.points.agreeing import Agreement
from intake.services.points.setting_out import Draft
from intake.services.points.showing import PointsPage
from intake.web.fields import DayField, LongText, Needed, choices
from intake.web.staff.door.session import now, office, officer

STATEMENT = 20_000
REASON = 4_000


class _OnACase(Form):
    """What each form carries: the state of the case that the page showed, and whose page it was."""

    revision = HiddenField()
    by = HiddenField()


class APoint(_OnACase):
    """What is complained of, what is wanted, and where it belongs."""

    words = LongText(
        "What is complained of?",
        [Needed("Say what is complained of")],
        limit=setting_out.WORDS,
        description="One thing alone, in words that the complainant would use. They read it.",
    )
    wanted = LongText("What do they want? (optional)", limit=setting_out.WANTED)
    # Whether something can be given to it is said by the service, in words.
    service = SelectField("Which service is it about?", validate_choice=False)
    theme = SelectField("What is it about?", validate_choice=False)

    def draft(self) -> Draft:
        """As the service takes it."""
        return Draft(
            self.words.data, self.wanted.data or "", self.service.data or None, self.theme.data or None
        )


class Withdrawing(_OnACase):
    """That a point was taken back."""

    why = LongText(
        "What did the complainant say of it?",
        [Needed("Say what the complainant said of it")],
        limit=setting_out.WHY,
        description="They read this. The point stays to be read, and counts no more.",
    )


class AStatement(_OnACase):
    """The statement in other words."""

    text = LongText("The statement, as it was agreed", limit=STATEMENT)


class _Agreed:
    """The day and the reason of a change to what was agreed."""

    agreed_on = DayField("When did the complainant agree to this?")
    agreed_why = LongText(
        "Why is it changed?", limit=REASON, description="They read this, with the statement as it reads now."
    )


class APointAgreed(_Agreed, APoint):
    """The same once a statement was agreed."""


class AStatementAgreed(_Agreed, AStatement):
    """The same."""


def agreement_of(form: Form) -> Agreement | None:
    """The day and the reason that were typed; None without a day, or where none was asked for."""
    if "agreed_on" not in form or form.agreed_on.data is None:
        return None
    return Agreement(form.agreed_on.data, form.agreed_why.data or "")


def point_form(page: PointsPage, given=None, point=None) -> APoint:
    """The form of a point: a new one begins with the service and the theme of the case."""
    kept = {
        "words": point.words if point else "",
        "wanted": point.wanted if point else "",
        "service": (point.place if point else page.place_id) or "",
        "theme": (point.theme if point else page.theme_id) or "",
    }
    kind: type[APoint] = APointAgreed if page.on_the_case.statement else APoint
    if point:
        count = len(page.on_the_case.standing)
        where = SelectField("Where does it stand among the points?", validate_choice=False)
        kind = type("APointOfSeveral", (kind,), {"position": where})
        kept["position"] = str(page.on_the_case.standing.index(point) + 1)
    form = kind(given, data=kept)
    if point:
        form.position.choices = choices([(str(n), f"{n} of {count}") for n in range(1, count + 1)])
    _offer(form, point.place if point else page.place_id, point.theme if point else None)
    return carry(form, page)


def _offer(form: APoint, place: str | None, theme: str | None) -> None:
    """The services and themes to choose from, with those that the point has already."""
    known = places.choices(office(), now=now(), also=place)
    form.service.choices = choices([("", "Not said"), *known])
    listed = dict(themes.open_themes(office()))
    if theme and theme not in listed:
        listed[theme] = next((one.name for one in themes.themes(office()) if one.id == theme), theme)
    form.theme.choices = choices([("", "Not said"), *listed.items()])


def carry(form: Form, page: PointsPage) -> Form:
    """A form with the state of the case as it stands now."""
    form.revision.data, form.by.data = str(page.revision), officer().id
    return form
