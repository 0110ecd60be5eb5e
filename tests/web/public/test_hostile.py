"""Text meant to harm comes back as the text that was typed; text of every script comes back whole."""

import html
import io
import re
from urllib.parse import urlencode

import pytest

from .visitor import Visitor

PROBES = [
    "<script>document.title='X'</script>",
    "</textarea><script>document.title='X'</script>",
    '"><img src=x onerror="document.title=1">',
    "' onmouseover='document.title=1' x='",
    "</title><svg onload=document.title=1>",
    "{{7*343}} {% print 7*343 %} #{7*343} %(canary)s %s",
    "&lt;b&gt; &amp;amp;",
    "javascript:document.title=1",
]
WHOLE = [
    "\n\nleading line breaks\n",
    "NFC é NFD e\u0301 \ufb01 \u212b",
    "شكوى תלונה শিকাযত ਸ਼ਿਕਾਇਤ skarżę",
    "family 👨‍👩‍👧‍👦 flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "right to left \u202egnp.exe\u202c",
    "controls \x01\x07\x0b\x1b\x7f\x85 noncharacters \ufdd0 \ufffe",
    "\t\ttabs and  two  spaces\t",
    "percent % %% %00 %0a + &=;",
    "e" + "\u0301" * 2_000,
]


@pytest.fixture
def on_story(client) -> Visitor:
    return Visitor(client).begin("thanks").press(service="Housing")


@pytest.mark.parametrize("text", PROBES + WHOLE)
def test_what_was_typed_comes_back_as_it_was_typed(on_story, text):
    tags = sorted(set(on_story.page.tags))
    on_story.press("change:story", story=text)
    assert on_story.form("step").values["story"] == text
    assert sorted(set(on_story.page.tags)) == tags
    on_story.press(story=text).press()
    assert "Check your answers" in on_story.page.text
    shown = [
        html.unescape(part) for part in re.findall(r'<span class="typed">(.*?)</span>', on_story.body, re.S)
    ]
    assert text in shown
    assert "117649" not in on_story.body
    assert "2401" not in on_story.body
    on_story.press("send")
    on_story.send(on_story.to("/return"), code=on_story.receipt)
    shown = [
        html.unescape(part) for part in re.findall(r'<span class="typed">(.*?)</span>', on_story.body, re.S)
    ]
    assert text in shown
    assert "script" not in on_story.page.tags


@pytest.mark.parametrize("text", ["NUL \x00 inside", "damaged \ufffd here"])
def test_what_cannot_be_kept_is_refused_before_any_confirmation(on_story, text):
    for go in ("continue", "send"):
        on_story.press(go, story=text)
        assert on_story.page.title.startswith("Error: ")
        assert "What would you like to say?" in on_story.page.text


def test_bytes_that_are_no_text_are_refused_in_words(on_story, client):
    form = on_story.form("step")
    sent = form.sent(go="continue")
    del sent["answer-0"]
    raw = f"{urlencode(sent)}&answer-0=half%ED%B2%A9"
    answer = client.post(form.action, data=raw, content_type="application/x-www-form-urlencoded")
    on_story.open(answer.location)
    assert on_story.page.title.startswith("Error: ")
    assert on_story.form("step").values["story"] == "half\ufffd\ufffd\ufffd"


@pytest.mark.parametrize("name", ["filling", "go", "answer-0", "answer-9", "csrf_token"])
def test_nonsense_in_any_field_is_never_a_fault_of_ours(on_story, name):
    form = on_story.form("step")
    for nonsense in ("", "\x00", "a" * 70_000, "ünï", "[]", "change:", "road:x", "start:x", "::"):
        for action in (form.action, "/report", "/return"):
            answer = on_story.client.post(action, data=form.sent(go="continue") | {name: nonsense})
            assert answer.status_code < 500
    answer = on_story.client.post(form.action, data=form.sent() | {name: "\ufffe"})
    assert answer.status_code < 500


def test_a_million_fields_are_too_much(client):
    response = client.post("/return", data="a=&" * 300_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


def test_a_file_is_refused_before_it_touches_the_disk(client):
    response = client.post("/return", data={"code": "x", "file": (io.BytesIO(b"x" * 600_000), "words.txt")})
    assert response.status_code == 413
