"""Opens a vector: its `open` names the format, its `with` the arguments, bytes in hex."""

from intake.vault.draft import open_draft
from intake.vault.envelope import open_case_key, open_grant
from intake.vault.keys import KeyPair, PasswordLock, SessionSecret
from intake.vault.receipt import Receipt
from intake.vault.record import PurposeKey
from intake.vault.recovery import RecoveryKey

from_hex = bytes.fromhex


def record(*, key, purpose, blob, **place):
    return PurposeKey(purpose, from_hex(key)).open(from_hex(blob), **place).hex()


def envelope(*, seed, blob, **bound):
    return open_case_key(from_hex(blob), KeyPair.from_seed(from_hex(seed)), **bound).secret.hex()


def grant(*, seed, blob, **bound):
    return open_grant(from_hex(blob), KeyPair.from_seed(from_hex(seed)), **bound).hex()


def receipt(*, text, blob, case):
    bundle = Receipt.parse(text).open(from_hex(blob), case=case)
    return {purpose: key.hex() for purpose, key in bundle.items()}


def recovery(*, text, blob, vault):
    return RecoveryKey.parse(text).open(from_hex(blob), vault=vault).hex()


def password(*, header, password, holder, purpose, blob):
    return PasswordLock.open(from_hex(header), password, holder=holder).open_(purpose, from_hex(blob)).hex()


def session(*, cookie, blob, holder):
    return SessionSecret.parse(cookie).open(from_hex(blob), holder=holder).hex()


def draft(*, key, text, purpose):
    return open_draft(from_hex(key), text, purpose=purpose).hex()


FORMATS = {
    function.__name__: function
    for function in (record, envelope, grant, receipt, recovery, password, session, draft)
}


def open_vector(vector, **changes):
    return FORMATS[vector["open"]](**{**vector["with"], **changes})
