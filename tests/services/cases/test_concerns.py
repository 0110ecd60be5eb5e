"""The wall round concerns, role by role: asked of the pure functions, without a database."""

from __future__ import annotations

import pytest

from intake.counts.published import MEASURES, REFERRALS
from intake.procedures.loading import load_catalogue
from intake.services.cases import concerns
from intake.services.ground.roles import ADMINISTRATOR, NO_ROLE, ROLES

CATALOGUE = load_catalogue()
CONCERN, COMPLAINT = CATALOGUE["whistleblowing"], CATALOGUE["corporate"]
# Of each role: whose cases it enters and reads, and what it counts of referrals: "all", "some" or "none".
TOLD = {
    "complaints-officer": ("complaints", "none"),
    "complaints-manager": ("complaints", "none"),
    "monitoring-officer": ("whistleblowing", "some"),
    "deputy-monitoring-officer": ("whistleblowing", "some"),
    "chief-internal-auditor": ("whistleblowing-audit", "none"),
    "chief-executive": ("whistleblowing-chief-executive", "none"),
    "chair-of-audit": ("whistleblowing-chair", "none"),
    "alternate-recipient": ("whistleblowing-alternate", "none"),
    "senior-officer": (None, "all"),
    "auditor": (None, "none"),
    "investigator": (None, "none"),
}


@pytest.mark.parametrize("role_id", ROLES)
def test_what_each_role_is_told_of_concerns(role_id: str):
    role, (vault, counted) = ROLES[role_id], TOLD[role_id]
    sight = concerns.sight(CATALOGUE, role)
    assert {"all": REFERRALS in sight.whole, "some": REFERRALS in sight.part}.get(
        counted, REFERRALS not in sight.whole | sight.part
    )
    assert (CONCERN.id in sight.procedures) == (counted == "all")
    for procedure in CATALOGUE:
        assert concerns.enters(role, procedure) == (vault in concerns.vaults_of(procedure))
    for measure in MEASURES:
        mine = vault is not None and (measure == REFERRALS) == (vault != "complaints")
        assert concerns.opens(role, measure) == mine
        assert concerns.sees_behind(role, measure) == (mine and bool(role.counted_readers))


def test_who_may_be_accused_counts_some_and_is_never_told_all():
    for role_id in ("monitoring-officer", "deputy-monitoring-officer"):
        sight = concerns.sight(CATALOGUE, ROLES[role_id])
        assert REFERRALS not in sight.whole
        assert not sight.whole & sight.part


def test_who_sent_it_is_sealed_for_every_concern_and_for_whoever_asks_for_it():
    assert concerns.seals_identity(CONCERN, "named")
    assert concerns.seals_identity(COMPLAINT, "confidential")
    assert not concerns.seals_identity(COMPLAINT, "named")


@pytest.mark.parametrize("role", [NO_ROLE, ADMINISTRATOR])
def test_whoever_has_no_vault_opens_nothing(role):
    assert not any(
        concerns.opens(role, measure) or concerns.sees_behind(role, measure) for measure in MEASURES
    )
    assert not any(concerns.enters(role, procedure) for procedure in CATALOGUE)
    sight = concerns.sight(CATALOGUE, role)
    assert (sight.whole, sight.part) == (frozenset(), frozenset())


def test_the_councils_own_report_tells_everything():
    assert concerns.sight(CATALOGUE, None).whole == frozenset(MEASURES)
