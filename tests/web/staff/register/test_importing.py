"""A register chosen, checked and imported at a desk; nothing of it lies on the disk in clear on the way."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from intake.models import Case, RegisterEntry
from intake.web import reading
from intake.web.staff.door import doorway
from intake.web.staff.register import importing
from tests.by_hand import in_the_drafts, uploads_of
from tests.register.files import EXAMPLE, as_csv, as_xlsx, row
from tests.web.staff.at_a_desk import Desk


def send(desk: Desk, data: bytes, name: str = "register.csv", **more):
    """Choose a file and press Check."""
    desk.visit("/staff/register")
    fields = desk.form("/staff/register") | {"file": (io.BytesIO(data), name)} | more
    desk.page = desk.client.post("/staff/register", data=fields, content_type="multipart/form-data")
    return desk.page


def cases(office) -> int:
    office.session.rollback()
    return office.session.scalar(select(func.count()).select_from(Case))


def test_the_manager_imports_a_register(at_desk, office, instance):
    desk = at_desk("manager")
    send(desk, EXAMPLE.read_bytes(), **{"year-1": "2024-25", "groups-1": "all"})
    assert "Nothing is wrong with this file" in desk.words
    assert "2023-24 is not covered for these" in desk.words
    assert "Statutory complaints, stage 1 (86); Statutory complaints, stage 2 (10)" in desk.words
    assert cases(office) == 0
    desk.press("/staff/register/import")
    assert "Sealing: 60 per cent of 1,698 rows" in desk.words
    assert "Imported. The counts hold it from now on." in desk.words
    assert cases(office) == 1698
    assert uploads_of(instance) == []
    desk.visit("/staff/counts?year=2024-25")
    assert "720" in desk.words


def test_pressing_import_twice_doubles_nothing(at_desk, office):
    desk = at_desk("manager")
    send(desk, as_csv(row()))
    fields = desk.form("/staff/register/import")
    assert "Imported" in desk.client.post("/staff/register/import", data=fields).text
    again = desk.client.post("/staff/register/import", data=fields)
    assert again.status_code == 409
    assert "This file is no longer kept" in again.text
    send(desk, as_csv(row()))
    desk.press("/staff/register/import")
    assert "Here already, unchanged 1" in desk.words
    assert cases(office) == 1


def break_the_place_of_uploads(instance) -> None:
    """What waits there can neither be read nor taken away."""
    waiting = list((instance / "uploads").glob("*"))
    for path in waiting:
        path.unlink()
        path.mkdir()
    if not waiting:
        with in_the_drafts(instance) as database:
            database.execute("DROP TABLE kept_uploads")


def test_what_was_imported_is_told_so_though_its_file_cannot_be_taken_away(at_desk, office, instance):
    desk = at_desk("manager")
    send(desk, as_csv(row()))
    fields = desk.form("/staff/register/import")
    answer = desk.client.post("/staff/register/import", data=fields, buffered=False)
    told, broken = "", False
    for piece in answer.response:
        told += piece.decode() if isinstance(piece, bytes) else piece
        if "Writing" in told and not broken:
            break_the_place_of_uploads(instance)
            broken = True
    assert cases(office) == 1
    assert "Imported. The counts hold it from now on." in told
    assert "Nothing" not in told.partition("Writing")[2]


def test_the_page_is_told_line_by_line_and_leaving_it_keeps_nothing(at_desk, office):
    desk = at_desk("manager")
    send(desk, as_csv(*(row(reference=f"R{number}") for number in range(1_000))))
    fields = desk.form("/staff/register/import")
    answer = desk.client.post("/staff/register/import", data=fields, buffered=False)
    told = ""
    for piece in answer.response:
        told += piece.decode() if isinstance(piece, bytes) else piece
        if "Sealing" in told:
            break
    answer.close()
    assert "Imported" not in told
    assert cases(office) == 0


def test_what_is_wrong_is_shown_row_by_row(at_desk, office):
    desk = at_desk("manager")
    send(desk, as_csv(row(received_on="29/02/2023", service="<script>"), row(reference="B", kind="<b>")))
    assert "2 things are wrong, and nothing was imported" in desk.words
    assert "there is no 29 February in 2023" in desk.words
    assert "There is no kind “<b>”" in desk.words
    assert "/staff/register/import" not in desk.page.text


def test_headings_are_explained_once(at_desk, office):
    desk = at_desk("manager")
    data = as_csv(row()).replace(b"reference", b"Our No.", 1)
    send(desk, data)
    assert "Say what these headings mean" in desk.words
    desk.press("/staff/register/check", column="reference")
    assert "Nothing is wrong with this file" in desk.words
    send(desk, data)
    assert "Nothing is wrong with this file" in desk.words


def test_a_register_without_headings_is_neither_shown_nor_kept(at_desk, office, instance):
    desk = at_desk("manager")
    _, case = as_csv(row(complainant="CANARYJANE Smith 07700900123", summary="CANARYSUM")).split(b"\r\n", 1)
    send(desk, case + case)
    assert "The first row looks like a case and not like headings" in desk.words
    assert "Say what these headings mean" not in desk.words
    assert "CANARY" not in desk.page.text
    assert not any(b"CANARY" in path.read_bytes() for path in instance.rglob("*") if path.is_file())


def test_a_column_is_left_out_of_this_file_alone_and_its_heading_is_not_kept(at_desk, office, instance):
    desk = at_desk("manager")
    data = as_csv(row() | {"CANARYJANE": ""}, headings=(*row(), "CANARYJANE"))
    send(desk, data)
    desk.press("/staff/register/check", column="ignore")
    assert "Nothing is wrong with this file" in desk.words
    desk.press("/staff/register/import")
    assert "Imported" in desk.words
    assert not any(
        b"canaryjane" in path.read_bytes().lower() for path in instance.rglob("*") if path.is_file()
    )
    send(desk, data)
    assert "Say what these headings mean" in desk.words


def test_the_manager_learns_nothing_of_a_concern_and_does_not_replace_it(at_desk, office):
    concern = row(reference="WB/2025/001", kind="whistleblowing", stage1_outcome="substantiated")
    desk, other, told = at_desk("manager"), at_desk("monitoring"), []
    send(other, as_csv(concern))
    other.press("/staff/register/import")
    assert "Imported" in other.words
    for reference in ("WB/2025/001", "WB/2025/002"):
        for more in ({}, {"stage1_outcome": "not substantiated"}):
            send(desk, as_csv(concern | {"reference": reference} | more))
            told.append(desk.words)
    assert len(set(told)) == 1
    assert "New here 1" in told[0]
    send(desk, as_csv(row(reference="WB/2025/001", kind="compliment", stage1_outcome="")))
    assert "New here 1" in desk.words
    desk.press("/staff/register/import")
    assert "Imported" in desk.words
    assert cases(office) == 2
    assert office.session.get(RegisterEntry, ("whistleblowing", "WB/2025/001")) is not None


def test_a_workbook_is_read_too(at_desk, office):
    desk = at_desk("deputy")
    send(desk, as_xlsx(row()), "register.xlsx")
    desk.press("/staff/register/import")
    assert "Imported" in desk.words
    office.session.rollback()
    assert office.session.get(RegisterEntry, ("complaints", "CEF-1")) is not None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"year-1": "2024-25"}, "Tick what the file records for 2024-25"),
        ({"groups-2": "all"}, "Choose the year for which you ticked something"),
        ({"year-1": "2024", "groups-1": "all"}, "Choose a year from the list"),
    ],
)
def test_what_it_covers_is_asked_for_again(at_desk, more, says):
    desk = at_desk("manager")
    assert send(desk, as_csv(row()), **more).status_code == 422
    assert says in desk.words


def test_no_file_is_asked_for_again(at_desk):
    desk = at_desk("manager")
    assert send(desk, b"", "").status_code == 422
    assert "Choose the file of the register" in desk.words


def test_a_file_that_is_too_large_is_refused_in_words(at_desk, monkeypatch):
    monkeypatch.setattr(doorway, "FILE_BYTES", 10_000)
    desk = at_desk("manager")
    assert send(desk, b"x" * 11_000).status_code == 413
    assert "Split it by year" in desk.words


def test_a_file_larger_than_a_form_is_taken_and_lies_on_disk_sealed(at_desk, instance, monkeypatch):
    opened = []
    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda *_a, **_m: opened.append(1))
    desk = at_desk("manager")
    rows = [row(reference=f"R{number}", summary="canary " * 500) for number in range(1_500)]
    data = as_csv(*rows)
    assert len(data) > 5_000_000
    send(desk, data)
    assert "Nothing is wrong with this file" in desk.words
    kept = uploads_of(instance)
    assert opened == []
    assert len(b"".join(kept)) > 5_000_000
    assert not any(b"canary" in piece for piece in kept)
    assert not any(b"canary" in path.read_bytes() for path in instance.rglob("*") if path.is_file())


def test_the_key_of_a_file_is_nowhere_but_in_the_form_of_whoever_sent_it(at_desk):
    desk, other = at_desk("manager"), at_desk("monitoring")
    send(desk, as_csv(row()))
    draft = desk.form("/staff/register/import")["draft"]
    other.visit("/staff/register")
    token = other.form("/staff/register")["csrf_token"]
    answer = other.client.post("/staff/register/import", data={"csrf_token": token, "draft": draft})
    assert answer.status_code == 404
    altered = other.client.post("/staff/register/import", data={"csrf_token": token, "draft": draft[:-2]})
    assert altered.status_code == 400


@pytest.mark.parametrize("who", ["officer", "alternate", "senior"])
def test_nobody_else_sends_a_file(at_desk, who):
    desk = at_desk(who)
    desk.visit("/staff/password")
    token = desk.form("/staff/sign-out")["csrf_token"]
    fields = {"csrf_token": token, "file": (io.BytesIO(b"x"), "register.csv")}
    answer = desk.client.post("/staff/register", data=fields, content_type="multipart/form-data")
    assert answer.status_code in {404, 413}


def test_somebody_whose_session_ended_is_asked_to_sign_in(client):
    fields = {"file": (io.BytesIO(b"x"), "register.csv")}
    answer = client.post("/staff/register", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 401
    assert "choose the file again" in answer.text


@pytest.mark.parametrize(
    "address", ["/staff/register/check", "/staff/register/import", "/staff/enter", "/report"]
)
def test_no_other_page_takes_a_file(at_desk, address):
    desk = at_desk("manager")
    desk.visit("/staff/register")
    fields = {"csrf_token": desk.form("/staff/register")["csrf_token"], "file": (io.BytesIO(b"x"), "r.csv")}
    answer = desk.client.post(address, data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_second_file_is_not_taken(at_desk):
    desk = at_desk("manager")
    desk.visit("/staff/register")
    fields = desk.form("/staff/register") | {
        "file": [(io.BytesIO(b"x"), "a.csv"), (io.BytesIO(b"y"), "b.csv")]
    }
    assert (
        desk.client.post("/staff/register", data=fields, content_type="multipart/form-data").status_code
        == 413
    )


def test_a_file_without_a_token_does_nothing(at_desk, instance):
    desk = at_desk("manager")
    fields = {"file": (io.BytesIO(as_csv(row())), "register.csv")}
    answer = desk.client.post("/staff/register", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert uploads_of(instance) == []


def test_a_failure_on_the_way_is_told_in_words_and_says_nothing_else(at_desk, monkeypatch, caplog):
    desk = at_desk("manager")
    send(desk, as_csv(row()))

    def fail(*_args, **_more):
        raise RuntimeError("Kamila Zieba")
        yield

    monkeypatch.setattr(importing.importing, "run", fail)
    desk.press("/staff/register/import")
    assert importing.WENT_WRONG in desk.words
    assert "unexpected RuntimeError in a register" in caplog.text
    assert "Kamila" not in caplog.text + desk.page.text


def test_every_request_reads_its_forms_so(app):
    assert app.request_class is reading.PlainRequest
