"""A sound row of a register as the rows of our tables: clear facts, and what is sealed to the vaults.

No private key is needed, and nothing here is stored: what is made goes to the database in one piece.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, time, timedelta

from sqlalchemy import select

from intake.models import NO_DAY, Case, Envelope, Event, Record, RegisterEntry, StageReceipt, Theme
from intake.procedures.definitions import Version
from intake.procedures.position import Place
from intake.procedures.stages_reached import OPENED
from intake.register.checking import Edition, Ending, Row
from intake.register.columns import plain
from intake.services.cases import concerns, filing
from intake.services.ground import pinning, sealing
from intake.services.ground.office import AnySession, Office
from intake.vault.record import CaseKey

from .dates import Dates, Way

TABLES = (Case, Event, StageReceipt, Envelope, Record, RegisterEntry)  # in the order in which they are filled
BY = "register"
COMPLIMENT = "compliment"


def editions(office: Office) -> dict[str, tuple[Edition, ...]]:
    """The rules as the room of registers wants them: by procedure, the earliest first."""
    return {
        procedure.id: tuple(_edition(version) for version in procedure.versions)
        for procedure in office.catalogue
    }


def _edition(version: Version) -> Edition:
    since, first_day = version.received_from, None
    if since is not None:
        first_day = since.date() + timedelta(days=since.timetz().replace(tzinfo=None) != time())
    outcomes = {
        plain(outcome.label): Ending(
            outcome.id, outcome.final, outcome.final and outcome.given_by == "response"
        )
        for outcome in version.outcomes
    }
    outcomes |= {plain(ending.id): ending for ending in tuple(outcomes.values())}
    return Edition(version.id, first_day, len(version.stages), outcomes)


def facts_of(row: Row, confidential: bool) -> bytes:
    """SHA-256 of what stands in clear. A hash of what is sealed would confirm a guess, so it is not in it."""
    told = [row.kind, row.channel, bool(row.complainant), str(row.received_on)]
    told += [] if confidential else [row.service, row.theme]
    told += [[str(stage.received), str(stage.responded), stage.outcome] for stage in row.stages]
    return hashlib.sha256(json.dumps(told).encode()).digest()


class Maker:
    """Makes rows, for one import. `themes`, `places`: ids by the name without regard to case; of a name that several
    services have, none.
    """

    def __init__(
        self, office: Office, themes: dict[str, str], places: dict[str, str | None], on: date
    ) -> None:
        self.office, self.themes, self.places, self.on = office, themes, places, on
        self.publics = pinning.publics(office)
        self.ways: dict[tuple[str, str], Way] = {}
        self.dates = Dates(office.calendar, on)

    def vault(self, row: Row) -> str:
        """The vault to which it is sealed."""
        return self.office.catalogue[row.kind].reader

    def confidential(self, row: Row) -> bool:
        return concerns.is_one(self.office.catalogue[row.kind])

    def way(self, row: Row) -> Way:
        key = (row.kind, row.edition)
        if key not in self.ways:
            self.ways[key] = Way(self.office.catalogue[row.kind].version(row.edition))
        return self.ways[key]

    def counted(self, row: Row) -> list[tuple[str | None, date]]:
        """What the row is counted as: the measure and the day of each receipt at a stage."""
        stages = self.way(row).stages
        return [(stage.measure, reached.received) for stage, reached in zip(stages, row.stages, strict=False)]

    def make(self, row: Row, case_id: str, reference: str) -> dict[str, list[dict[str, object]]]:
        """Rows by table."""
        way, reader = self.way(row), self.vault(row)
        confidential = self.confidential(row)
        shared = {
            "channel": row.channel,
            "place_id": None if confidential else self.places.get(row.service.casefold()),
            "theme_id": None if confidential else self.themes.get(row.theme.casefold()),
        }
        events = way.events(row)
        envelopes, records = self._sealed(row, case_id, reader)
        case = (
            filing.UNTOUCHED
            | asdict(self.place(row))
            | {
                "id": case_id,
                "reference": reference,
                "level": "named" if row.complainant else "anonymous",
                "received_on": row.received_on,
                "reader": reader,
                "list_day": closed_on(row) or NO_DAY,
                "journalled": True,
            }
        )
        entry = {
            "vault": reader,
            "reference": row.reference,
            "case_id": case_id,
            "facts": facts_of(row, confidential),
            "imported_on": self.on,
        }
        return {
            Case.__tablename__: [case | shared],
            Event.__tablename__: [
                {"case_id": case_id, "name": name, "on": day} for name, day in events.items()
            ],
            StageReceipt.__tablename__: [
                receipt | shared | {"case_id": case_id, "reader": reader}
                for receipt in self.receipts(row, events)
            ],
            Envelope.__tablename__: envelopes,
            Record.__tablename__: records,
            RegisterEntry.__tablename__: [entry],
        }

    def place(self, row: Row) -> Place:
        """No clock runs for a past case until somebody acts on it here: nothing of it is due next."""
        return Place(
            procedure=row.kind,
            version=row.edition,
            stage=self.way(row).stages[len(row.stages) - 1].id,
            handler_id=None,
            closed_on=closed_on(row),
            next_due=None,
            next_deadline=None,
        )

    def receipts(self, row: Row, events: Mapping[str, date]) -> list[dict[str, object]]:
        """The same as `procedures.receipts`, with what many rows share worked out once; a test compares."""
        way = self.way(row)
        made, outcomes = [], way.outcomes(row)
        for place, (stage, reached) in enumerate(zip(way.stages, row.stages, strict=False)):
            due, met = self.dates.answer(way, place, events) or (None, reached.responded)
            made.append(
                {
                    "stage": stage.id,
                    "number": place + 1,
                    "measure": stage.measure,
                    "received_on": reached.received,
                    "responded_on": reached.responded,
                    "outcome": outcomes.get(stage.id),
                    "due_on": due,
                    "met_on": met,
                    "working_days": self.dates.between(reached.received, met) if met else None,
                    "extensions": 0,
                    "beyond": 0,
                    "next_stage": OPENED if place + 1 < len(row.stages) else None,
                    "allocated_in": None,
                    "refusal": None,
                }
            )
        return made

    def _sealed(
        self, row: Row, case_id: str, reader: str
    ) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """Envelopes and records, as `submitting` makes them one by one."""
        key, words = (
            CaseKey.generate(),
            {"words": [["Summary", row.summary]] if row.summary else [], "category": None},
        )
        parts = [(key, "submission", words)]
        if row.complainant:
            parts.append(
                (CaseKey.generate(scope="identity"), "identity", {"identity": [["Name", row.complainant]]})
            )
        holder, envelopes, records = sealing.vault_holder(reader), [], []
        for secret, kind, content in parts:
            envelopes.append(sealing.envelope_row(secret, case_id, holder, self.publics[reader]))
            records.append(
                sealing.record_row(
                    secret.for_purpose(kind), case_id, kind, content, on=row.received_on, by=BY
                )
            )
        return envelopes, records


def closed_on(row: Row) -> date | None:
    """The day on which it ended: of the last answer, or, where that has no day, the last day that is known."""
    if not row.settled and row.kind != COMPLIMENT:
        return None
    days = [day for stage in row.stages for day in (stage.received, stage.responded) if day]
    return row.stages[-1].responded or max(days)


def known_themes(session: AnySession) -> dict[str, str]:
    """The id that counts, by each theme's name without regard to case; one that was merged counts as the other."""
    themes = {theme.id: theme for theme in session.scalars(select(Theme))}

    def counts_as(theme: Theme) -> str:
        passed = set()
        while theme.merged_into and theme.id not in passed:
            passed.add(theme.id)
            theme = themes[theme.merged_into]
        return theme.id

    return {theme.name.casefold(): counts_as(theme) for theme in themes.values()}
