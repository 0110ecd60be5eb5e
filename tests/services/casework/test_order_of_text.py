"""Text is sorted alike on either database, by its bytes, so that lists are the same and pages are turned alike."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, cast, literal, select, tuple_, union_all

NAMES = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    names=[
        "Zoë",
        "anna",
        "Östberg",
        "O'Neill",
        "Oneill",
        "AB-1",
        "AB1",
        "ab",
        "ﬀ",
        "\U0001f600",
        "\uffff",
        "",
    ]
)
@given(names=st.lists(NAMES, min_size=2, max_size=8, unique=True))
def test_lists_of_text_are_in_the_order_of_their_bytes(office, names):
    rows = union_all(*(select(cast(literal(name), String).label("name")) for name in names)).subquery()
    in_order = select(rows.c.name).order_by(rows.c.name)
    by_bytes = sorted(names, key=str.encode)
    assert office.session.scalars(in_order).all() == by_bytes
    middle = by_bytes[len(by_bytes) // 2]
    after = in_order.where(tuple_(rows.c.name, 1) > tuple_(literal(middle), 1))
    assert office.session.scalars(after).all() == by_bytes[len(by_bytes) // 2 + 1 :]
