"""Run by the story of the power cuts: sends without end, and records each receipt once it was acknowledged."""

import os
import sys
from datetime import UTC, datetime

from intake.cli.opening import opened
from tests.actors import send
from tests.faults.disk import add

with opened() as office:
    number = 0
    while True:
        number += 1
        words = f"{sys.argv[1]} {number} " + "and on " * (number * 37 % 900)
        sent = send(office, "compliment", words, now=datetime.now(UTC))
        add(os.environ["INTAKE_DISK_RECORD"], ("told", sent.receipt, words))
        print(number, flush=True)
