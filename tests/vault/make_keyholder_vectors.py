"""Made `keyholder.json`, once: `python -m tests.vault.make_keyholder_vectors PATH`. See `make_vectors`."""

import json
import sys
from pathlib import Path

from intake.vault import keyholder
from intake.vault.keys import KeyPair
from intake.vault.record import CaseKey

from .make_vectors import flipped

SEED, KEY = bytes(range(32)), bytes(range(32, 64))
ABOUT = {"case": "case-a", "keyholder": "staff:a", "scope": "identity", "until": "2026-06-04"}


def main(path: str) -> None:
    public = KeyPair.from_seed(SEED).public
    marks = CaseKey(KEY).for_purpose("keyholders").secret
    person = keyholder.person(public, marks, **ABOUT)
    vault = keyholder.vault(marks, case="case-a", keyholder="vault:v")
    other = keyholder.person(KeyPair.from_seed(KEY).public, bytes(32), **ABOUT)
    bad = [
        {"flaw": "another case", "change": {"case": "case-b"}},
        {"flaw": "another person", "change": {"keyholder": "staff:b"}},
        {"flaw": "another scope", "change": {"scope": "case"}},
        {"flaw": "a later last day", "change": {"until": "2026-06-05"}},
        {"flaw": "no last day", "change": {"until": ""}},
        {"flaw": "another case's key", "change": {"marks": bytes(32).hex()}},
        {"flaw": "a key of the thief's own", "change": {"blob": other.hex()}},
        {"flaw": "one bit of the public key", "change": {"blob": flipped(person, 0)}},
        {"flaw": "one bit of the mark", "change": {"blob": flipped(person, -1)}},
        {"flaw": "cut short by a byte", "change": {"blob": person[:-1].hex()}},
        {"flaw": "a byte too many", "change": {"blob": person.hex() + "00"}},
        {"flaw": "a vault's mark", "change": {"blob": vault.hex()}},
    ]
    made = {
        "version": 1,
        "key": KEY.hex(),
        "marks": marks.hex(),
        "public": public.hex(),
        "person": ABOUT | {"marks": marks.hex(), "blob": person.hex()},
        "vault": {"case": "case-a", "keyholder": "vault:v", "marks": marks.hex(), "blob": vault.hex()},
        "bad": bad,
    }
    Path(path).write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
