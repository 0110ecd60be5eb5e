"""Every door of the officers' part, as the application lists them: nobody writes the list, so none is left out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask

from intake.services.ground.roles import COMPLAINTS, INVESTIGATOR, ROLES
from intake.web.staff import bp

ASKS = {  # what a page has to be asked for, besides its address
    "staff.behind_a_number": "?year=2026-27&measure={measure}",
    "staff.publish": "?year=2025-26&quarter=1",
}
NOBODY = "0" * 32
LAST = "staff.sign_out"  # nothing opens after it


@dataclass(frozen=True)
class Door:
    """A page and a way of asking for it."""

    endpoint: str
    method: str
    rule: str

    def address(
        self, role_id: str = "", case: str = "ABC-DEFG", me: str = NOBODY, place: str = NOBODY
    ) -> str:
        """The address for somebody of a role: a case of their own kind, their own account, a service."""
        complaints = ROLES[role_id].vault in {COMPLAINTS, None} if role_id else True
        told = {
            "<reference>": case,
            "<act>": "extend" if "<subject>" in self.rule and role_id != INVESTIGATOR else "note",
            "<subject>": "stage-1-response" if complaints else "feedback",
            "<staff_id>": me,
            "<point>": "1",
            "<int:number>": "0",
            "<fold>": "terms",
            "<deed>": "settle",
            "<item>": "1",
            "<any(txt, html):ending>": "txt",
            "<place>": place,
            "<list_id>": "0" * 32,
            "<saved>": "0" * 32,
            "<link>": "0" * 32,
            "<path:anything>": "no/such/page",
            "<any(csv, json, docx, xlsx, pdf, html):ending>": "csv",
            "<any(docx, pdf, html):ending>": "html",
        }
        where = self.rule + ASKS.get(self.endpoint, "")
        for name, value in told.items():
            where = where.replace(name, value)
        assert "<" not in where, (
            f"{self.rule} has a part of which these stories do not know what it stands for"
        )
        return where.format(measure="corporate-stage-1" if complaints else "whistleblowing-referrals")


def doors(blueprint: Blueprint = bp) -> list[Door]:
    """Every page and method of a blueprint, the one that signs out last."""
    bare = Flask("doors", static_folder=None)
    bare.register_blueprint(blueprint)
    found = [
        Door(rule.endpoint, method, rule.rule)
        for rule in bare.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]
    return sorted(found, key=lambda door: (door.endpoint == LAST, door.endpoint, door.rule, door.method))


DOORS = doors()
