"""What a command says in a sentence, with exit status 1, instead of a stack trace."""

from __future__ import annotations

from intake.config import BadSetting

# Whoever opens the database adds what it can refuse (`opening`): who never does, loads nothing of it.
SENTENCES: set[type[Exception]] = {BadSetting}
