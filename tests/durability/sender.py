"""Run by a test: sends submissions without end and prints each receipt once it was acknowledged."""

import sys
from datetime import UTC, datetime

from intake.cli.opening import opened
from intake.services.cases.words import Answer
from intake.services.ground import press
from intake.services.holders import submitting
from intake.services.holders.submitting import Submission

with opened() as office:
    number = 0
    while True:
        number += 1
        submission = Submission("corporate", "named", (Answer("What happened?", f"{sys.argv[1]} {number}"),))
        sent = submitting.receive(office, submission, token=press.new_token(), now=datetime.now(UTC))
        print(sent.receipt, number, flush=True)
