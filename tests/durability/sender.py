"""Run by a test: sends submissions without end and prints each receipt once it was acknowledged."""

import sys
from datetime import UTC, datetime

from intake.cli.opening import opened
from tests.actors import send

with opened() as office:
    number = 0
    while True:
        number += 1
        sent = send(office, words=f"{sys.argv[1]} {number}", now=datetime.now(UTC))
        print(sent.receipt, number, flush=True)
