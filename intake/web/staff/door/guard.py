"""The guard at the officers' door: who is signed in, and whether the table lets them through."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, redirect, request
from flask_login import LoginManager, current_user

from intake.services.access import ending
from intake.services.ground.refusals import NotFound
from intake.services.ground.roles import INVESTIGATOR
from intake.services.people import signing_in as services
from intake.web import cookies

from . import entitled, keys, typed
from .session import COOKIE, SignedIn, now, office, safe_address
from .signing_in import ask


def remember_who_is_signed_in(app: Flask) -> None:
    """Each request is recognised by our own cookie; flask-login keeps nothing in the form session."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_resume)
    manager.init_app(app, add_context_processor=False)


def _resume(_incoming) -> SignedIn | None:
    cookie = cookies.given(COOKIE)
    officer = services.resume(office(), cookie, now=now()) if cookie else None
    return SignedIn(officer) if officer else None


def let_in():
    """Before every page: signed in, and entitled. What was typed when a session ran out is not lost."""
    if request.endpoint in entitled.WITHOUT_SIGNING_IN:
        return None
    if not current_user.is_authenticated:
        if request.method == "POST" and request.endpoint != "staff.sign_out":
            return ask(kept=typed.seal_what_was_typed(), notice=typed.RAN_OUT, status=401)
        here = request.full_path.rstrip("?") if request.method == "GET" else ""
        here = safe_address(here)
        return redirect(f"/staff/sign-in{_with_next(here)}", 303)
    if not entitled.may(current_user.officer.role_id, request.endpoint):
        raise NotFound
    keys.hold()
    if current_user.officer.role_id == INVESTIGATOR:  # what was given until yesterday is not there today
        ending.end(office(), now=now(), staff_id=current_user.officer.id)
    return typed.give_back()


def _with_next(here: str) -> str:
    return "" if here == "/staff/" else "?" + urlencode({"next": here})
