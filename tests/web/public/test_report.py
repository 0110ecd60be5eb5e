"""Stories at the reporter's door, with every token checked as in real life."""

import pytest

from .visitor import Visitor, write_complaint, write_concern


@pytest.fixture
def visitor(client) -> Visitor:
    return Visitor(client)


def test_an_employee_reports_without_a_name_and_reads_the_state_of_the_case(visitor):
    write_concern(visitor, "Invoices for work never done.")
    assert "without your name" in visitor.page.text
    assert "Invoices for work never done." in visitor.body
    visitor.press("send")
    assert visitor.status == 200
    code = visitor.receipt
    assert len(code.split()) == 7
    visitor.send(visitor.to("/return"), code=code)
    assert "Your case" in visitor.page.text
    assert "Invoices" not in visitor.body
    assert code.split()[0] not in visitor.body


def test_a_resident_complains_with_a_name_and_sees_the_words_again(visitor):
    write_complaint(visitor, "The lift is broken.").press("send")
    visitor.send(visitor.to("/return"), code=visitor.receipt.lower().replace(" ", "-"))
    assert "The lift is broken." in visitor.page.text


def test_a_second_press_of_send_gets_the_same_receipt(visitor):
    write_complaint(visitor, "Twice.")
    form = visitor.form("step")
    first = visitor.send(form, go="send").receipt
    second = visitor.send(form, go="send").receipt
    assert first == second
    assert "stored once" in visitor.page.text


def test_back_keeps_what_was_typed_however_wrong(visitor):
    visitor.begin("complaint").press(subject="other").press(service="Housing").press(for_whom="self")
    visitor.press("back", story="\n  half a sentence")
    assert "Are you writing for yourself?" in visitor.page.text
    visitor.press()
    assert visitor.form("step").values["story"] == "\n  half a sentence"


def test_back_at_the_first_page_is_the_start(visitor):
    visitor.begin("thanks").press("back")
    assert "What brings you here?" in visitor.page.text


def test_a_worker_on_the_complaint_road_changes_to_the_other_without_typing_again(visitor):
    write_complaint(visitor, "My manager takes money.", level="anonymous").press("road:concern")
    assert "What you wrote came with you" in visitor.page.text
    visitor.press().press(category="criminal-offence").press(about_officer="no").press()
    assert "Check your answers" in visitor.page.text
    assert "My manager takes money." in visitor.page.text
    assert "without your name" in visitor.page.text
    visitor.press("send")
    assert "monitoring officer" in visitor.page.text


def test_a_resident_on_the_whistleblowing_road_is_led_to_complaints(visitor):
    visitor.begin("concern").press().press(category="other").press(about_officer="no")
    visitor.press("road:complaint", story="My bin was not emptied.")
    visitor.press(subject="other").press(service="Housing").press(for_whom="self")
    assert "When it was, and what would help" in visitor.page.text
    visitor.press().press().press(level="anonymous").press(read_again="y").press("send")
    assert "complaints team" in visitor.page.text


def test_change_leads_back_to_the_check_page(visitor):
    write_complaint(visitor, "First words.").press("change:story")
    assert visitor.form("step").values["story"] == "First words."
    visitor.press(story="Better words.")
    assert "Check your answers" in visitor.page.text
    assert "Better words." in visitor.page.text


def test_a_change_that_asks_for_more_asks_it_before_sending(visitor):
    write_complaint(visitor, "About a child.").press("change:subject").press(subject="children")
    assert "Who are you to the child?" in visitor.page.text
    visitor.press("send", relation="child")
    assert visitor.page.title.startswith("Error: ")
    assert "advocate" in visitor.page.text


def test_steps_cannot_be_skipped_by_editing_the_form(visitor):
    visitor.begin("complaint").press("send")
    assert "Choose what your complaint is about" in visitor.page.text
    for nonsense in ({"answer-7": "Somebody"}, {"page": "contact", "name": "Somebody"}, {"road": "thanks"}):
        visitor.press("send", **nonsense)
        assert visitor.page.title.startswith("Error: ")
        assert "Choose what your complaint is about" in visitor.page.text


def test_an_answer_that_was_never_offered_is_refused(visitor):
    visitor.begin("complaint").press(subject="whistleblowing")
    assert "Choose what your complaint is about" in visitor.page.text
    assert visitor.page.title.startswith("Error: ")


def test_what_is_too_long_comes_back_whole(visitor):
    visitor.begin("thanks").press(service="Housing")
    text = "long " * 5_000
    visitor.press(story=text)
    assert visitor.page.title.startswith("Error: ")
    assert visitor.form("step").values["story"] == text
    assert "too long" in visitor.page.text
    assert 'href="#story"' in visitor.body


def test_a_name_is_needed_and_everything_else_comes_back(visitor):
    visitor.begin("complaint").press(subject="other").press(service="Housing").press(for_whom="self")
    visitor.press(story="x").press().press().press(level="named")
    visitor.press(name="", email="nonsense", phone="01632 960 002", address="1 Road\r\nTown")
    assert visitor.page.title.startswith("Error: ")
    values = visitor.form("step").values
    assert (values["email"], values["phone"]) == ("nonsense", "01632 960 002")
    assert values["address"] == "1 Road\r\nTown"


@pytest.mark.parametrize("road", ["request", "question"])
def test_the_short_roads_need_no_name(visitor, road):
    visitor.begin(road).press(service="Housing").press(story="When?").press().press().press("send")
    assert visitor.status == 200
    assert visitor.receipt


def test_an_mp_writes_for_a_constituent(visitor):
    visitor.begin("constituent").press(writer="mp").press(name="A Member MP")
    visitor.press(person="C. Tenant", consent="agreed").press(service="Housing").press(story="Please help.")
    visitor.press("send")
    assert "Member of Parliament" in visitor.page.text or "MP" in visitor.page.text
    assert visitor.receipt


def test_the_confirmation_can_be_kept_as_text(visitor):
    write_complaint(visitor, "Keep.").press("send")
    code = visitor.receipt
    answer = visitor.send(visitor.to("/receipt-text")).response
    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert code.replace(" ", "") in text.replace("-", "").replace(" ", "")
    assert "http://localhost/" in text
    assert "Keep." not in text


@pytest.mark.parametrize("write", [write_complaint, write_concern])
def test_the_text_file_is_neutral_in_its_name_and_wherever_it_is_previewed(visitor, write):
    write(visitor, "Keep.").press("send")
    answer = visitor.send(visitor.to("/receipt-text")).response
    text = answer.get_data(as_text=True)
    assert 'filename="notes.txt"' in answer.headers["Content-Disposition"]
    assert len(answer.data) == 4_096
    assert "".join(text.splitlines()[:50]).strip() == "Notes(They begin further down.)"
    for telling in ("complain", "concern", "wrongdoing", "whistle", "council", "monitoring", "receipt:"):
        assert telling not in text.casefold()


def test_no_title_and_no_address_tells_anything(visitor):
    seen = {}
    for write in (write_complaint, write_concern):
        write(visitor, "x")
        seen[visitor.page.title] = visitor.address
        visitor.press("send")
        seen[visitor.page.title] = visitor.address
        visitor.send(visitor.to("/return"), code=visitor.receipt)
        seen[visitor.page.title] = visitor.address
    assert set(seen) == {"Write to us – Testford Council"}
    assert len(visitor.address) == len("/report/") + 32


def test_neither_cookie_nor_address_carries_anything(visitor, client):
    write_complaint(visitor, "Nothing of this in a cookie.").press("send")
    code = visitor.receipt
    visitor.send(visitor.to("/return"), code=code)
    cookies = " ".join(visitor.response.headers.getlist("Set-Cookie"))
    assert code.split()[0] not in cookies
    assert all("?" not in form.action for form in visitor.page.forms)


def test_an_address_of_another_purpose_or_page_that_is_not_asked_shows_no_other_words(visitor):
    write_complaint(visitor, "Swap.")
    visitor.open(visitor.address.replace("/report", "/return"))
    assert visitor.status == 404
    assert "Swap." not in visitor.body


def test_a_child_s_complaint_cannot_slip_into_the_corporate_procedure(visitor):
    visitor.begin("complaint").press(subject="other")
    assert "Which service is it about?" in visitor.page.text
    assert "social care" not in visitor.page.text.casefold()
