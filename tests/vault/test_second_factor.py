"""What a telephone reads from the squares, and shows to its owner."""

from urllib.parse import parse_qs, unquote, urlsplit

from intake.vault import second_factor


def test_the_app_shows_the_councils_name_as_it_is_written():
    """Seen before: Testford+Council."""
    address = second_factor.address(
        b"k" * 20, account="kim+desk@council.example", issuer="Testford & Co Council"
    )
    assert "+" not in address
    told = urlsplit(address)
    assert unquote(told.path) == "/Testford & Co Council:kim+desk@council.example"
    assert parse_qs(told.query)["issuer"] == ["Testford & Co Council"]
