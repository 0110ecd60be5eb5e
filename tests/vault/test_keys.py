"""What keeps an officer's key and a reporter's draft: password, session, server."""

import contextlib
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault import sealing
from intake.vault.draft import open_draft, seal_draft
from intake.vault.errors import SealBroken
from intake.vault.keys import (
    Argon2Parameters,
    KeyPair,
    PasswordLock,
    SessionSecret,
    unwrap_with_password,
    wrap_with_password,
)

CHEAP = Argon2Parameters(memory_kib=64, passes=1)
PAIR, SESSION = KeyPair.generate(), SessionSecret.generate()
LOCK = PasswordLock.new("correct horse", holder="officer", parameters=CHEAP)


def test_one_run_of_argon2_opens_several_blobs():
    blobs = {purpose: LOCK.seal(purpose, purpose.encode()) for purpose in ("seed", "totp")}
    lock = PasswordLock.open(LOCK.header, "correct horse", holder="officer")
    assert {purpose: lock.open_(purpose, blob).decode() for purpose, blob in blobs.items()} == {
        "seed": "seed", "totp": "totp"
    }  # fmt: skip
    with pytest.raises(SealBroken):
        lock.open_("totp", blobs["seed"])
    assert lock.parameters == CHEAP


@given(st.text(max_size=20), st.text(max_size=20))
def test_only_the_password_opens(password, other):
    blob = wrap_with_password(b"seed", password, holder="officer", parameters=CHEAP)
    assert unwrap_with_password(blob, password, holder="officer") == b"seed"
    if unicodedata.normalize("NFKC", other) != unicodedata.normalize("NFKC", password):
        with pytest.raises(SealBroken):
            unwrap_with_password(blob, other, holder="officer")
    with pytest.raises(SealBroken):
        unwrap_with_password(blob, password, holder="somebody else")


def test_full_strength_is_what_the_specification_says():
    assert Argon2Parameters() == Argon2Parameters(memory_kib=65536, passes=3, lanes=1)
    started = time.process_time()
    PasswordLock.new("correct horse", holder="officer", parameters=CHEAP)
    cheap = time.process_time() - started
    lock = PasswordLock.new("correct horse", holder="officer")
    assert time.process_time() - started - cheap > 10 * cheap  # by its parameters 3,072 times the work
    assert lock.header[1:8].hex() == "00010000" + "0003" + "01"
    again = PasswordLock.open(lock.header, "correct horse", holder="officer")
    assert again.open_("seed", lock.seal("seed", PAIR.seed)) == PAIR.seed


def test_a_session_needs_row_and_cookie():
    again = SessionSecret.parse(SESSION.text)
    assert again == SESSION
    assert again.lookup == SESSION.lookup
    assert SESSION.text.encode() not in SESSION.lookup
    assert again.open(SESSION.seal(bytes(32), holder="officer"), holder="officer") == bytes(32)


@given(st.one_of(st.text(max_size=60), st.text("abcXYZ019-_=+/", min_size=42, max_size=44)))
def test_a_cookie_is_read_or_refused(cookie):
    with contextlib.suppress(SealBroken):
        assert SessionSecret.parse(cookie).text == cookie


@given(st.binary(max_size=2000))
def test_a_draft_comes_back(payload):
    text = seal_draft(bytes(32), payload)
    assert text.isascii()
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert open_draft(bytes(32), text) == payload
    for wrong in (text[:-1], text + "A", text[1:], "", "é", "\ud800", text + "="):
        with pytest.raises(SealBroken):
            open_draft(bytes(32), wrong)
    with pytest.raises(SealBroken):
        open_draft(bytes(32), text, purpose="reply")


def test_a_draft_key_is_long_enough_and_a_draft_not_too_long():
    with pytest.raises(ValueError, match="32 bytes"):
        seal_draft(bytes(31), b"")
    with pytest.raises(SealBroken):
        open_draft(bytes(32), "A" * (2 * sealing.CEILING))
