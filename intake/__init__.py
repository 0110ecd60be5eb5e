"""Intake: takes in concerns and complaints, keeps them sealed, works them to their dates, counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flask import Flask

    from intake.config import Settings


def create_app(settings: Settings | Mapping[str, Any] | None = None) -> Flask:
    """The web application. `settings`: `config.Settings`, or values laid over those of the instance.

    Raises `config.BadSetting`, which names the setting and says why.
    """
    from intake.wiring import build  # not above: the pure rooms load without the web framework

    return build(settings)
