"""Made `slot.json`, once: `python -m tests.vault.make_slot_vectors PATH`. See `make_vectors`."""

import json
import sys
from pathlib import Path

from intake.vault import sealing, slot
from intake.vault.receipt import Receipt, write_bundle

from .make_vectors import flipped

SERVER, OLD, NEW = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


def main(path: str) -> None:
    receipt, case = Receipt.derive(bytes(16), bytes(32)), "case-a"
    other = Receipt.derive(bytes(16), bytes(31) + b"\x01")
    public, gives = receipt.pair().public, {"conversation": NEW.hex()}
    first = receipt.seal({"conversation": OLD, "submission": OLD}, case=case)
    posted = slot.post({"conversation": NEW}, public, case=case)
    bridged = slot.bridged(first, {"conversation": NEW}, OLD, SERVER, case=case)
    shared = {"server": SERVER.hex(), "case": case, "text": receipt.text}
    good = [
        {"name": "posted", "gives": gives, "with": shared | {"lock": posted.hex()}},
        {"name": "bridged", "gives": gives, "with": shared | {"lock": bridged.hex()}},
    ]
    bad = []

    def spoil(of, flaw, /, **change):
        bad.append({"of": of, "flaw": flaw, "change": change})

    for name, lock in (("posted", posted), ("bridged", bridged)):
        spoil(name, "another case", case="case-b")
        spoil(name, "another receipt", text=other.text)
        spoil(name, "another version byte", lock=(b"\x02" + lock[1:]).hex())
        spoil(name, "one bit of the last tag", lock=flipped(lock, -1))
        spoil(name, "cut short by a byte", lock=lock[:-1].hex())
        spoil(name, "a byte too many", lock=lock.hex() + "00")
    spoil("posted", "one bit of the ML-KEM ciphertext", lock=flipped(posted, 1))
    spoil(
        "posted",
        "posted to another receipt",
        lock=slot.post({"conversation": NEW}, other.pair().public, case=case).hex(),
    )
    spoil("bridged", "another server's key", server=NEW.hex())
    forbidden = sealing.seal(
        slot._bridge_key(OLD, SERVER), sealing.fields("casework", NEW), "intake/vault/v1/receipt-bridge", case
    )
    spoil("bridged", "a purpose that no holder may have", lock=(first + forbidden).hex())
    shut = sealing.seal(
        slot._bridge_key(NEW, SERVER),
        write_bundle({"conversation": NEW}),
        "intake/vault/v1/receipt-bridge",
        case,
    )
    spoil("bridged", "a bridge from another conversation", lock=(first + shut).hex())
    made = {
        "version": 1,
        "public": public.hex(),
        "slot": slot.slot(public, OLD, case=case).hex(),
        "answer mark, yes": slot.answer_mark(OLD, case=case, place=2, yes=True).hex(),
        "good": good,
        "bad": bad,
    }
    Path(path).write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
