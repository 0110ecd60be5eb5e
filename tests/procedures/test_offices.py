"""Who receives a concern: whoever is named never does, and somebody always does."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.procedures import offices
from intake.procedures.offices import BY_ROLE, BY_VAULT, LAST_RESORT, OFFICES, THEN, UNSURE, USUALLY

ROLES = tuple(BY_ROLE)
MO, DEPUTY, AUDITOR, CHIEF, CHAIR, LAST = ROLES
VAULT = {role: office.vault for role, office in BY_ROLE.items()}


def seats(*roles: str, **more) -> dict[str, set[str]]:
    """Each of some offices in use, with its own people in it."""
    return {VAULT[role]: {role} for role in roles} | more


@st.composite
def authorities(draw):
    """Offices in use with whoever can open them, and an order."""
    in_use = draw(st.sets(st.sampled_from(ROLES)))
    held = {VAULT[role]: {role} | draw(st.sets(st.sampled_from(ROLES), max_size=2)) for role in in_use}
    order = draw(st.permutations(ROLES[:-1]))
    cut = draw(st.integers(1, len(order)))
    end = draw(st.integers(cut, len(order)))
    return held, tuple(order[:cut]), tuple(order[cut:end])


NAMED = st.sets(st.sampled_from((*ROLES, UNSURE)))


@given(authorities(), NAMED)
def test_nobody_who_is_named_or_answers_to_them_opens_it_unless_nobody_else_is_left(authority, named):
    held, usually, then = authority
    out = offices.left_out(named, usually)
    got = offices.receiving(held, named, usually=usually, then=then)
    if got.vaults == (LAST_RESORT.vault,):
        allowed = [role for role in (*usually, *then) if VAULT[role] in held]
        assert all(out & ({role} | held[VAULT[role]]) for role in allowed)
        assert got.all_named == bool(out & ({LAST} | held.get(VAULT[LAST], set())))
        return
    assert not got.all_named
    for vault in got.vaults:
        assert BY_VAULT[vault].role not in out
        assert not out & held[vault]


@given(authorities(), NAMED)
def test_somebody_always_receives_and_always_one_who_is_in_use(authority, named):
    held, usually, then = authority
    vaults = offices.receiving(held, named, usually=usually, then=then).vaults
    assert vaults
    assert len(set(vaults)) == len(vaults)
    assert set(vaults) <= held.keys() | {LAST_RESORT.vault}


@given(authorities(), NAMED, NAMED)
def test_who_names_more_never_lets_in_one_whom_they_had_named(authority, named, more):
    held, usually, then = authority
    assume(LAST not in named)
    wide = offices.receiving(held, named | more, usually=usually, then=then)
    assume(not wide.all_named)
    out = offices.left_out(named, usually)
    assert all(not out & held.get(vault, set()) for vault in wide.vaults)


def test_who_is_not_sure_names_all_who_usually_receive():
    held = seats(*ROLES)
    assert offices.left_out({UNSURE}) == {MO, DEPUTY}
    assert offices.receiving(held, {UNSURE}).vaults == (VAULT[AUDITOR],)
    assert offices.receiving(held, {UNSURE, AUDITOR}).vaults == (VAULT[CHIEF],)


@pytest.mark.parametrize(
    ("named", "goes_to"),
    [
        ((), (MO, DEPUTY)),
        ((DEPUTY,), (MO,)),
        ((MO,), (AUDITOR,)),  # the deputy answers to the monitoring officer
        ((MO, AUDITOR), (CHIEF,)),
        ((AUDITOR,), (MO, DEPUTY)),
        ((MO, AUDITOR, CHIEF, CHAIR), (LAST,)),
        (ROLES, (LAST,)),
    ],
)
def test_the_order_as_it_comes(named, goes_to):
    got = offices.receiving(seats(*ROLES), named)
    assert got.vaults == tuple(VAULT[role] for role in goes_to)
    assert got.all_named == (set(named) == set(ROLES))


def test_a_deputy_without_an_office_of_their_own_closes_the_one_they_share():
    """As instances stand that were set up before: the deputy holds the monitoring officer's vault."""
    held = seats(MO, LAST, **{VAULT[MO]: {MO, DEPUTY}})
    assert offices.receiving(held).vaults == (VAULT[MO],)
    assert offices.receiving(held, {DEPUTY}).vaults == (VAULT[LAST],)
    asked = [office.role for office in offices.asked_about(held)]
    assert asked == [MO, DEPUTY, LAST]


def test_a_deputy_who_kept_the_older_vault_is_still_barred_from_what_is_about_them():
    held = seats(MO, DEPUTY, AUDITOR, LAST, **{VAULT[MO]: {MO, DEPUTY}})
    assert offices.receiving(held).vaults == (VAULT[MO], VAULT[DEPUTY])
    assert offices.receiving(held, {DEPUTY}).vaults == (VAULT[AUDITOR],)


def test_where_the_only_monitoring_officer_is_gone_the_next_receives():
    assert offices.receiving(seats(AUDITOR, LAST)).vaults == (VAULT[AUDITOR],)
    assert offices.receiving(seats(LAST)).vaults == (VAULT[LAST],)
    assert offices.receiving({}).vaults == (VAULT[LAST],)


@given(st.sets(st.sampled_from(tuple(BY_VAULT)), min_size=1))
def test_a_circle_is_read_as_it_was_written(vaults):
    word = offices.circle(vaults)
    assert set(offices.in_circle(word)) == vaults
    assert len(word) <= 40
    assert (word in vaults) == (len(vaults) == 1)


@given(
    st.sets(st.sampled_from((*BY_VAULT, "complaints"))), st.sets(st.sampled_from(tuple(BY_VAULT)), min_size=1)
)
def test_a_vault_is_told_by_every_circle_that_holds_it(mine, readers):
    assert (offices.circle(readers) in offices.circles(mine)) == bool(mine & readers)
    assert ("complaints" in offices.circles(mine)) == ("complaints" in mine)


def test_marks_roles_and_vaults_are_each_an_offices_own():
    for part in ("mark", "role", "vault", "title"):
        assert len({getattr(office, part) for office in OFFICES}) == len(OFFICES)
    assert all(len(f"vault:{office.vault}") <= 40 for office in OFFICES)
    assert offices.in_circle("") == ()


def test_an_order_that_cannot_be_is_told_in_words():
    assert offices.faults(USUALLY, THEN) == ""
    assert "no office" in offices.faults(("mayor",), ())
    assert "twice" in offices.faults((MO,), (MO,))
    assert "at least one" in offices.faults((), THEN)
    assert "last resort" in offices.faults((MO,), (LAST,))


def test_in_words():
    assert offices.in_words([VAULT[LAST]]) == "the alternate recipient of concerns"
    assert offices.in_words([VAULT[DEPUTY], VAULT[MO]]) == (
        "the monitoring officer and the deputy monitoring officer"
    )
    assert offices.in_words([VAULT[MO], VAULT[AUDITOR], VAULT[CHAIR]]) == (
        "the monitoring officer, the chief internal auditor and the chair of the audit committee"
    )
