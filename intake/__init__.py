"""Intake: takes in concerns and complaints, keeps them sealed, works them to their dates, counts them."""

from __future__ import annotations


def create_app(settings=None):
    """The web application. `settings`: `config.Settings`, or values laid over those of the instance.

    Raises `config.BadSetting`, which names the setting and says why.
    """
    from intake.wiring import build  # not above: the pure rooms load without the web framework

    return build(settings)
