"""A backup is whole or does not open, and opens to the printed key alone."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from intake.vault import backup
from intake.vault.backup import BACKUP, HEADER_BYTES, MAGIC, BackupReader, BackupWriter, Shelf, new_shelf
from intake.vault.errors import OtherFormat, SealBroken
from intake.vault.keys import KeyPair
from intake.vault.recovery import RecoveryKey

PAPER = RecoveryKey.generate()
SHELF = new_shelf(PAPER)
VECTOR = json.loads(Path(__file__).with_name("backup.json").read_text())
PIECE = 508 + 4 + 1 + 12 + 16


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(backup, "PIECE_BYTES", 508)


def written(data: bytes, *, at_once: int = 100, shelf: Shelf = SHELF) -> bytes:
    file = io.BytesIO()
    writer = BackupWriter(file, shelf)
    for start in range(0, len(data), at_once):
        writer.write(data[start : start + at_once])
    writer.finish()
    return file.getvalue()


def read(sealed: bytes, paper: RecoveryKey = PAPER) -> bytes:
    reader, out = BackupReader(io.BytesIO(sealed), paper), b""
    while piece := reader.read(77):
        out += piece
    return out


@pytest.mark.parametrize("length", [0, 1, 507, 508, 509, 1016, 1017, 5_000])
def test_it_comes_back_as_it_was_however_it_was_cut(length):
    data = (bytes(range(256)) * 20)[:length]
    for at_once in (1, 508, 4_096):
        assert read(written(data, at_once=at_once)) == data


def test_another_paper_opens_nothing():
    with pytest.raises(SealBroken):
        BackupReader(io.BytesIO(written(b"x")), RecoveryKey.generate())


def pieces(sealed: bytes) -> list[bytes]:
    body = sealed[HEADER_BYTES:]
    return [body[start : start + PIECE] for start in range(0, len(body), PIECE)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pieces: pieces[:-1],  # cut off
        lambda pieces: pieces[1:],
        lambda pieces: [pieces[1], pieces[0], pieces[2]],
        lambda pieces: [*pieces, pieces[2]],
        lambda pieces: [pieces[0], pieces[0], pieces[1], pieces[2]],
        lambda pieces: [pieces[0], pieces[1], pieces[2][:-1]],
        lambda pieces: [],
    ],
)
def test_pieces_left_out_moved_or_added_are_refused(spoil):
    sealed = written(b"x" * 1_200)
    assert len(pieces(sealed)) == 3
    with pytest.raises(SealBroken):
        read(sealed[:HEADER_BYTES] + b"".join(spoil(pieces(sealed))))


def test_a_piece_of_another_backup_does_not_fit():
    one, other = written(b"x" * 1_200), written(b"y" * 1_200)
    spliced = one[:HEADER_BYTES] + pieces(one)[0] + pieces(other)[1] + pieces(one)[2]
    with pytest.raises(SealBroken):
        read(spliced)
    with pytest.raises(SealBroken):
        read(other[:HEADER_BYTES] + b"".join(pieces(one)))


def test_every_altered_byte_is_refused():
    sealed = written(b"x" * 600)
    for place in [*range(0, HEADER_BYTES, 97), *range(HEADER_BYTES, len(sealed), 13), len(sealed) - 1]:
        spoilt = bytearray(sealed)
        spoilt[place] ^= 1
        with pytest.raises(SealBroken):
            read(bytes(spoilt))


def test_whoever_holds_a_backup_alone_makes_none_that_the_paper_opens():
    """Sealing takes public bytes, and a backup's header carries them: the council restored a stranger's instance."""
    found = written(b"theirs")[:HEADER_BYTES]
    start = len(MAGIC) + 16
    public, sealed = found[start : start + len(SHELF.public)], SHELF.sealed
    assert sealed in found
    with pytest.raises(SealBroken):
        read(written(b"forged", shelf=Shelf(public, sealed, bytes(32))))


def test_a_seed_without_a_secret_or_of_another_vault_is_no_shelf():
    pair = KeyPair.generate()
    for sealed in (
        PAPER.seal(pair.seed, vault=BACKUP),
        PAPER.seal(pair.seed + bytes(32), vault="complaints"),
    ):
        with pytest.raises(SealBroken):
            read(written(b"x", shelf=replace(SHELF, public=pair.public, sealed=sealed)))


def test_a_mark_tells_a_changed_row():
    other = new_shelf(PAPER)
    marks = {shelf.mark for shelf in (SHELF, replace(SHELF, sealed=other.sealed), other)}
    assert len(marks) == 3
    assert SHELF.mark in marks


def test_the_vector_opens_and_each_bad_one_is_refused():
    paper, file = RecoveryKey.parse(VECTOR["text"]), bytes.fromhex(VECTOR["file"])
    assert read(file, paper).hex() == VECTOR["gives"]
    for place in VECTOR["flip"]:
        with pytest.raises(SealBroken):
            read(file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :], paper)


def test_another_version_of_the_format_is_told_apart():
    for version in (b"1", b"3"):
        with pytest.raises(OtherFormat):
            read(written(b"x").replace(MAGIC, b"intake backup " + version + b"\n"))
