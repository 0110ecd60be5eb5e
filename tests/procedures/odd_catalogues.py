"""Catalogue files as authorities might write them: ours with things dropped, altered, doubled, swapped and added."""

from __future__ import annotations

import copy
import tomllib
from datetime import datetime

from hypothesis import strategies as st

from intake.procedures.definitions import FORCES, MEASURES, ROLES, Kind, Unit
from intake.procedures.loading import BUILT_IN
from intake.procedures.people import POSTS

SHIPPED = {path.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(BUILT_IN.glob("*.toml"))}
EVERYBODY = sorted(ROLES["complaints"] | ROLES["whistleblowing"])
SIGNPOST = {"name": "Ombudsman", "words": "You may go to the Ombudsman."}
# What may stand under each key besides what our own files say there. The keys of `OPTIONAL` are added too.
VALUES = {
    "kind": [str(kind) for kind in Kind],
    "unit": [str(unit) for unit in Unit],
    "force": list(FORCES),
    "measure": sorted(MEASURES),
    "given_by": ["response", "withdrawal", "refusal"],
    "owed_by": ["authority", "complainant"],
    "reader": list(ROLES),
    "count": [1, 2, 10, 399, 400],
    "to": [1, 20, 400, *EVERYBODY],
    "add": [1, 10, 400],
    "days": [-60, -1, 0, 1, 400],
    "level": [1, 2, 400],
    "received_from": [datetime(1, 1, 1), datetime(2026, 1, 16, 17), datetime(9999, 12, 31, 23, 59, 59)],
    "final": [True, False],
    "needs_reason": [True, False],
    "pausable": [True, False],
    "before_due": [True, False],
    "signposts": [True, False],
    "beginning_with_the_day": [True, False],
    "beyond_with_good_reason": [True, False],
    "names": sorted(POSTS),
}
OPTIONAL = {
    "outcome": ["given_by", "final", "needs_reason"],
    "stage": ["measure", "final"],
    "limit": [
        "beginning_with_the_day", "before_known", "second_reading_of", "owed_by", "pausable", "note", "escalation",
        "extension", "count",
    ],
    "extension": ["to", "add", "before_due", "signposts", "beyond_with_good_reason"],
    "version": ["received_from"],
    "event": ["follows", "names", "arranges", "signposts"],
    "file": ["signpost", "escalation"],
}  # fmt: skip


def tables(values: dict) -> list[tuple[str, dict]]:
    """Every table of a file and what it is."""
    found = [("file", values), *(("outcome", outcome) for outcome in values.get("outcomes", ()))]
    if "signpost" in values:
        found.append(("signpost", values["signpost"]))
    for ladder in values.get("escalation", {}).values():
        found += [("step", step) for step in ladder]
    for version in values.get("versions", ()):
        found.append(("version", version))
        found += [("stage", stage) for stage in version.get("stages", ())]
        found += [("event", event) for event in version.get("events", ())]
        for limit in version.get("limits", ()):
            found.append(("limit", limit))
            if "extension" in limit:
                found.append(("extension", limit["extension"]))
    return found


def known(values: dict, kind: str) -> list[str]:
    """The ids that tables of a kind have."""
    return [table["id"] for what, table in tables(values) if what == kind and "id" in table] or ["-"]


@st.composite
def a_value(draw, values: dict, key: str):
    """Something that might stand under a key."""
    if key in {"follows", "counts_from", "arranges"}:
        return draw(st.sampled_from(known(values, "event")))
    if key == "met_by":
        return draw(st.lists(st.sampled_from(known(values, "event")), min_size=1, max_size=3, unique=True))
    if key == "stage":
        return draw(st.sampled_from(known(values, "stage")))
    if key in {"before_known", "second_reading_of"}:
        return draw(st.sampled_from(known(values, "limit")))
    if key == "escalation":
        return draw(st.sampled_from(list(values.get("escalation") or ["none"])))
    if key == "signpost":
        return dict(SIGNPOST)
    if key == "extension":
        chosen = draw(
            st.fixed_dictionaries(
                {},
                optional={name: st.sampled_from(VALUES[name]) for name in ("add", "before_due", "signposts")},
            )
        )
        return {"condition": "Agreed.", "source": "Our policy", **chosen}
    if key in {"id", "label", "name", "words"}:
        others = [table[key] for _, table in tables(values) if key in table]
        return draw(st.sampled_from(others) | st.sampled_from([" ", "é\n<b>", "{0}", "received"]))
    return draw(st.sampled_from([*VALUES.get(key, ["something"]), *VALUES.get(key, [])]))


@st.composite
def odd_files(draw) -> tuple[str, dict]:
    """The name of a file and what it says, a few changes away from one of ours."""
    file = draw(st.sampled_from(list(SHIPPED)))
    values = copy.deepcopy(SHIPPED[file])
    for _ in range(draw(st.integers(1, 4))):
        what, table = draw(st.sampled_from(tables(values)))
        change = draw(st.sampled_from(["alter", "alter", "drop", "add", "add", "double", "swap", "remove"]))
        if change in {"alter", "drop"} and not table:
            continue
        if change == "alter":
            key = draw(st.sampled_from(sorted(table)))
            if not isinstance(table[key], (dict, list)) or key == "met_by":
                table[key] = draw(a_value(values, key))
        elif change == "drop":
            del table[draw(st.sampled_from(sorted(table)))]
        elif change == "add" and what in OPTIONAL:
            key = draw(st.sampled_from(OPTIONAL[what]))
            if not (what == "file" and key == "escalation"):
                table[key] = draw(a_value(values, key))
        else:
            rearrange(draw, values, change)
        if not tables(values):
            break
    return file, values


def rearrange(draw, values: dict, change: str) -> None:
    """Double, swap or remove entries of one of the lists."""
    version = draw(st.sampled_from(values["versions"])) if values.get("versions") else {}
    homes = [home for home in (values.get("outcomes"), values.get("versions")) if home]
    homes += [version[key] for key in ("stages", "events", "limits") if version.get(key)]
    homes += [ladder for ladder in values.get("escalation", {}).values() if ladder]
    if not homes:
        return
    home = draw(st.sampled_from(homes))
    one, other = (draw(st.integers(0, len(home) - 1)) for _ in range(2))
    if change == "double":
        again = copy.deepcopy(home[one])
        if "id" in again:
            again["id"] += "-again"
        home.insert(other, again)
    elif change == "swap":
        home[one], home[other] = home[other], home[one]
    else:
        del home[one]
