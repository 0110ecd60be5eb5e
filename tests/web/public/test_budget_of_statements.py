"""How often a return may ask the databases: whoever comes back waits for two answers, and others behind them."""

import pytest

from intake.vault.receipt import Receipt
from tests.web.statements import asked_for

from .visitor import Visitor, write_complaint, write_concern

CODE = 5
PAGE = 9


@pytest.mark.parametrize("write", [write_complaint, write_concern])
def test_a_return_asks_little_for_the_code_and_once_for_the_page(client, write):
    visitor = write(Visitor(client), "The lift is broken.").press("send")
    code = visitor.receipt
    form = visitor.open("/return").to("/return")
    posted = []
    for_the_code = asked_for(
        lambda: posted.append(client.post("/return", data=form.sent(go="open", code=code)))
    )
    for_the_page = asked_for(lambda: visitor.open(posted[0].location))
    assert visitor.to("/return/message")
    assert len(for_the_code) <= CODE, "\n".join(for_the_code)
    assert len(for_the_page) <= PAGE, "\n".join(for_the_page)
    assert not any("records" in statement for statement in for_the_code)


def test_a_code_that_is_known_asks_the_cases_no_more_than_one_that_is_not(client):
    """The pass of a known one is kept besides, in the file of drafts; every answer to a code has time for that."""
    known = write_complaint(Visitor(client), "The lift is broken.").press("send").receipt
    form, asked = Visitor(client).open("/return").to("/return"), []
    for code in (known, Receipt.generate().text):
        sent = form.sent(go="open", code=code)
        all_of_it = asked_for(lambda sent=sent: client.post("/return", data=sent))
        asked.append([one for one in all_of_it if "kept_drafts" not in one and "pragma" not in one])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1
