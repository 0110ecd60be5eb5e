"""Cases that go to another team."""
