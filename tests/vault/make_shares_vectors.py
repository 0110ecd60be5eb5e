"""Made `shares.json`, once: `python -m tests.vault.make_shares_vectors PATH`. See `make_vectors`."""

import json
import sys
from pathlib import Path

from intake.vault import shamir
from intake.vault.shares import _symbols, new_set

from .make_vectors import flipped

SEED = bytes(range(32))


def main(path: str) -> None:
    made, other = new_set(SEED, vault="complaints"), new_set(SEED, vault="complaints")
    texts = [share.text for share in made.shares]
    first, second = made.shares[:2]
    secret = shamir.interpolate({1: first._values(), 2: second._values()}, 0)
    shared = {"vault": "complaints", "blob": made.sealed.hex()}
    good = [
        {
            "name": f"shares {one + 1} and {two + 1}",
            "gives": SEED.hex(),
            "with": shared | {"one": texts[one], "other": texts[two]},
        }
        for one, two in ((0, 1), (2, 0), (1, 2))
    ]
    name = good[0]["name"]
    bad = [
        {"of": name, "flaw": flaw, "change": change}
        for flaw, change in (
            ("another vault", {"vault": "whistleblowing"}),
            ("one share twice", {"other": texts[0]}),
            ("a share of another set", {"other": other.shares[1].text}),
            ("another set's blob", {"blob": other.sealed.hex()}),
            ("another format's byte", {"blob": "01" + made.sealed.hex()[2:]}),
            ("another mark", {"blob": flipped(made.sealed, 1)}),
            ("one bit of the tag", {"blob": flipped(made.sealed, -1)}),
            ("cut short by a byte", {"blob": made.sealed.hex()[:-2]}),
        )
    ]
    told = {"version": 1, "secret": _symbols(secret), "shares": texts, "good": good, "bad": bad}
    Path(path).write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
