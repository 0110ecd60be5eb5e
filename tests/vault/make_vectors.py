"""Made `vectors.json`, once for version 1: `python -m tests.vault.make_vectors PATH`.

Nonces are random, so a second run makes other ciphertexts. The stored ones are never made again while version
1 can be read anywhere: that they still open is what they are for. A new version gets a new file. `backup.json` was made
like them, by a `BackupWriter` with pieces of 508 bytes.
"""

import json
import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from intake.vault import sealing, text64
from intake.vault.draft import seal_draft
from intake.vault.envelope import seal_case_key, seal_grant
from intake.vault.keys import Argon2Parameters, KeyPair, PasswordLock, SessionSecret, fingerprint
from intake.vault.receipt import Receipt
from intake.vault.record import CaseKey
from intake.vault.recovery import RecoveryKey

CHEAP = Argon2Parameters(memory_kib=64, passes=1)


def flipped(blob: bytes, at: int) -> str:
    changed = bytearray(blob)
    changed[at] ^= 1
    return bytes(changed).hex()


def raw(key: bytes, padded: bytes, *bound: str) -> str:
    """A sealed blob whose padding is not what `pad` would write: whole in everything else."""
    nonce = os.urandom(12)
    associated = sealing.VERSION + sealing.fields(*bound)
    return (sealing.VERSION + nonce + AESGCMSIV(key).encrypt(nonce, padded, associated)).hex()


def main(path: str) -> None:
    seed, other_seed = bytes(range(32)), bytes(range(32, 64))
    pair, other = KeyPair.from_seed(seed), KeyPair.from_seed(other_seed)
    case_key = CaseKey(bytes(range(64, 96)))
    identity_key = CaseKey(bytes(range(96, 128)), scope="identity")
    good, bad = [], []

    def add(name, form, gives, /, **arguments):
        good.append({"name": name, "open": form, "with": arguments, "gives": gives})

    def spoil(of, flaw, /, **change):
        bad.append({"of": of, "flaw": flaw, "change": change})

    where = {"case": "case-a", "kind": "message", "place": 3}
    key = case_key.for_purpose("conversation")
    texts = [
        ("empty", b""),
        ("508 bytes", b"x" * 508),
        ("509 bytes", b"x" * 509),
        ("é as typed", "é\0".encode()),
    ]
    for name, text in texts:
        blob = key.seal(text, **where).hex()
        add(
            f"record: {name}",
            "record",
            text.hex(),
            key=key.secret.hex(),
            purpose=key.purpose,
            blob=blob,
            **where,
        )
    blob, name = bytes.fromhex(blob), "record: é as typed"
    spoil(name, "another version byte", blob=(b"\x02" + blob[1:]).hex())
    spoil(name, "one bit of the nonce", blob=flipped(blob, 1))
    spoil(name, "one bit of the ciphertext", blob=flipped(blob, 13))
    spoil(name, "one bit of the tag", blob=flipped(blob, -1))
    spoil(name, "cut short by a byte", blob=blob[:-1].hex())
    spoil(name, "a byte too many", blob=blob.hex() + "00")
    spoil(name, "nothing at all", blob="")
    spoil(name, "another case", case="case-b")
    spoil(name, "another kind", kind="note")
    spoil(name, "another place", place=4)
    spoil(name, "another purpose, same key", purpose="submission")
    spoil(name, "another key", key=case_key.for_purpose("casework").secret.hex())
    bound = ("intake/vault/v1/record", "conversation", "case-a", "message", "3")
    spoil(name, "padding: a zero that is not", blob=raw(key.secret, sealing.pad(b"x")[:-1] + b"\x01", *bound))
    spoil(
        name,
        "padding: a bucket too large",
        blob=raw(key.secret, sealing.pad(b"x").ljust(1024, b"\0"), *bound),
    )
    spoil(name, "padding: off the buckets", blob=raw(key.secret, sealing.pad(b"x") + b"\0", *bound))
    overlong = (509).to_bytes(4, "big").ljust(512, b"\0")
    spoil(name, "padding: a length beyond the bytes", blob=raw(key.secret, overlong, *bound))

    for scope, a_key in (("case", case_key), ("identity", identity_key)):
        bound = {"case": "case-a", "scope": scope, "keyholder": "complaints"}
        blob = seal_case_key(a_key, pair.public, **bound)
        add(f"envelope: {scope}", "envelope", a_key.secret.hex(), seed=seed.hex(), blob=blob.hex(), **bound)
        name = f"envelope: {scope}"
        spoil(name, "another case", case="case-b")
        spoil(name, "the other scope", scope="identity" if scope == "case" else "case")
    spoil(name, "a scope that is none", scope="all")
    spoil(name, "another keyholder", keyholder="monitoring-officer")
    spoil(name, "another key pair", seed=other_seed.hex())
    spoil(name, "one bit of the ML-KEM ciphertext", blob=flipped(blob, 1))
    spoil(name, "one bit of the X25519 key", blob=flipped(blob, 1089))
    spoil(name, "one bit of the sealed key", blob=flipped(blob, 1121))
    spoil(name, "one bit of the tag", blob=flipped(blob, -1))
    spoil(name, "an X25519 key of zeros", blob=(blob[:1089] + bytes(32) + blob[1121:]).hex())
    spoil(name, "another version byte", blob=(b"\x02" + blob[1:]).hex())
    spoil(name, "cut short by a byte", blob=blob[:-1].hex())

    blob = seal_grant(other_seed, pair.public, vault="complaints", staff="officer-1").hex()
    bound = {"vault": "complaints", "staff": "officer-1"}
    add("grant", "grant", other_seed.hex(), seed=seed.hex(), blob=blob, **bound)
    spoil("grant", "another vault", vault="monitoring-officer")
    spoil("grant", "another member", staff="officer-2")
    spoil("grant", "a letter moved across the border of two parts", vault="complaintso", staff="fficer-1")
    spoil("grant", "another key pair", seed=other_seed.hex())
    as_envelope = seal_case_key(
        CaseKey(other_seed), pair.public, case="complaints", scope="case", keyholder="x"
    )
    spoil("grant", "an envelope in a grant's place", blob=as_envelope.hex())

    receipt = Receipt.derive(bytes(16), bytes(32))
    bundle = {"conversation": key.secret, "submission": case_key.for_purpose("submission").secret}
    gives = {purpose: value.hex() for purpose, value in bundle.items()}
    blob = receipt.seal(bundle, case="case-a")
    add("receipt", "receipt", gives, text=receipt.text, blob=blob.hex(), case="case-a")
    spoil("receipt", "another case", case="case-b")
    spoil("receipt", "another receipt", text=Receipt.derive(bytes(16), bytes(31) + b"\x01").text)
    spoil("receipt", "one bit of the tag", blob=flipped(blob, -1))
    for flaw, parts in (
        ("a purpose that no holder may have", ("casework", bytes(32))),
        ("a key that is too short", ("conversation", bytes(31))),
        ("a purpose without a key", ("conversation",)),
    ):
        blob = sealing.seal(receipt._key(), sealing.fields(*parts), "intake/vault/v1/receipt", "case-a")
        spoil("receipt", flaw, blob=blob.hex())

    recovery = RecoveryKey(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ0123")
    blob = recovery.seal(seed, vault="complaints")
    add("recovery", "recovery", seed.hex(), text=recovery.text, blob=blob.hex(), vault="complaints")
    spoil("recovery", "another vault", vault="deputy")
    spoil("recovery", "another recovery key", text=RecoveryKey(b"1" * 36).text)

    lock = PasswordLock.new("pässword ﬁne", holder="officer-1", parameters=CHEAP)
    header, blob = lock.header, lock.seal("seed", seed)
    words = {"password": "pässword ﬁne", "holder": "officer-1", "purpose": "seed"}
    add("password", "password", seed.hex(), header=header.hex(), blob=blob.hex(), **words)
    decomposed = words | {"password": "pa\u0308ssword fine"}
    add("password: decomposed", "password", seed.hex(), header=header.hex(), blob=blob.hex(), **decomposed)
    spoil("password", "another password", password="password fine")
    spoil("password", "another holder", holder="officer-2")
    spoil("password", "another purpose", purpose="totp")
    spoil("password", "another version byte", header=flipped(header, 0))
    spoil(
        "password", "another memory cost, in bounds", header=(header[:1] + b"\0\0\0\x48" + header[5:]).hex()
    )
    spoil("password", "memory cost out of bounds", header=(header[:1] + b"\xff" * 4 + header[5:]).hex())
    spoil("password", "passes out of bounds", header=(header[:5] + b"\xff\xff" + header[7:]).hex())
    spoil("password", "no lanes", header=(header[:7] + b"\0" + header[8:]).hex())
    spoil("password", "one bit of the salt", header=flipped(header, 8))
    spoil("password", "one bit of the commitment", header=flipped(header, -1))
    spoil("password", "a header cut short", header=header[:-1].hex())

    session = SessionSecret(bytes(range(128, 160)))
    blob = session.seal(seed, holder="officer-1")
    add("session", "session", seed.hex(), cookie=session.text, blob=blob.hex(), holder="officer-1")
    spoil("session", "another holder", holder="officer-2")
    spoil("session", "another cookie", cookie=SessionSecret(bytes(32)).text)
    spoil("session", "another spelling of the same bytes", cookie=session.text[:-1] + "9")
    spoil("session", "a cookie with padding", cookie=session.text + "=")

    text = seal_draft(seed, b"half a thought", purpose="form")
    add("draft", "draft", b"half a thought".hex(), key=seed.hex(), text=text, purpose="form")
    spoil("draft", "another purpose", purpose="reply")
    spoil("draft", "another key", key=other_seed.hex())
    spoil("draft", "a character of another alphabet", text="+" + text[1:])
    spoil("draft", "a line break within", text=text[:8] + "\n" + text[8:])
    spoil("draft", "one bit of the tag", text=text64.encode(bytes.fromhex(flipped(text64.decode(text), -1))))

    outputs = {
        "fingerprint": fingerprint(pair.public, vault="complaints"),
        "other fingerprint": fingerprint(other.public, vault="complaints"),
        "fingerprint for another vault": fingerprint(pair.public, vault="whistleblowing"),
        "fingerprint of officer-1": fingerprint(pair.public, vault="complaints", staff="officer-1"),
        "fingerprint of officer-2": fingerprint(pair.public, vault="complaints", staff="officer-2"),
        "fingerprint of officer-1, no vault": fingerprint(pair.public, vault="", staff="officer-1"),
        "receipt": receipt.text,
        "receipt lookup, pepper of 32 zeros": receipt.lookup(bytes(32)).hex(),
        "recovery": recovery.text,
        "session cookie": session.text,
        "session lookup": session.lookup.hex(),
        "purpose keys": {
            purpose: case_key.for_purpose(purpose).secret.hex()
            for purpose in ("submission", "conversation", "casework")
        }
        | {"identity": identity_key.for_purpose("identity").secret.hex()},
    }
    Path(path).write_text(
        json.dumps({"version": 1, "outputs": outputs, "good": good, "bad": bad}, indent=1, ensure_ascii=False)
        + "\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
