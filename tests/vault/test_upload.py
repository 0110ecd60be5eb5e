"""A file between two pages: whole or not at all, and open to the form's key alone."""

import pytest

from intake.vault import upload
from intake.vault.errors import SealBroken
from intake.vault.upload import UploadKey, new_name

NAME = new_name()
KEY = UploadKey.generate()


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(upload, "PIECE_BYTES", 508)
    monkeypatch.setattr(upload, "_SEALED_BYTES", 1 + 12 + 512 + 16)


@pytest.mark.parametrize("length", [0, 1, 508, 509, 1016, 3_000])
def test_a_file_comes_back_as_it_was(small_pieces, length):
    data = bytes(range(256)) * 12
    assert KEY.open(b"".join(KEY.seal(data[:length], upload=NAME)), upload=NAME) == data[:length]


def test_pieces_of_their_true_size():
    data = b"x" * (upload.PIECE_BYTES + 1)
    pieces = list(KEY.seal(data, upload=NAME))
    assert len(pieces[0]) == upload._SEALED_BYTES
    assert KEY.open(b"".join(pieces), upload=NAME) == data


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pieces: pieces[:-1],
        lambda pieces: pieces[1:],
        lambda pieces: [pieces[1], pieces[0], pieces[2]],
        lambda pieces: [*pieces, pieces[2]],
        lambda pieces: [pieces[0], pieces[1], pieces[2][:-1] + b"\0"],
        lambda pieces: [],
    ],
)
def test_a_piece_that_is_missing_moved_added_or_altered_is_refused(small_pieces, spoil):
    pieces = list(KEY.seal(b"x" * 1_200, upload=NAME))
    assert len(pieces) == 3
    with pytest.raises(SealBroken):
        KEY.open(b"".join(spoil(pieces)), upload=NAME)


def test_another_key_or_another_name_opens_nothing():
    sealed = b"".join(KEY.seal(b"words", upload=NAME))
    for key, name in ((UploadKey.generate(), NAME), (KEY, new_name())):
        with pytest.raises(SealBroken):
            key.open(sealed, upload=name)


def test_a_key_is_written_in_one_way():
    assert UploadKey.parse(KEY.text) == KEY
    for text in (KEY.text[:-1], KEY.text + "A", "", "é" * 43):
        with pytest.raises(SealBroken):
            UploadKey.parse(text)
