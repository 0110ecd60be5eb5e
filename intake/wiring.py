"""The one place that wires the rooms together. It decides nothing."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from intake import config, database
from intake.models import Base
from intake.procedures.loading import load_catalogue
from intake.services.ground import custody
from intake.services.ground.office import assemble
from intake.services.instance import founding, which_database
from intake.web import cookies, headers, look, padding
from intake.web.public import register as open_the_reporters_door
from intake.web.staff import open_the_door as open_the_officers_door
from intake.web.staff.door.doorway import before_any_body

FORM_BYTES = 4 * 1024 * 1024  # the longest narrative of four-byte characters, escaped


def build(settings: config.Settings | Mapping[str, Any] | None = None) -> Flask:
    """The web application of an instance. Raises `BadSetting`, which names the setting and says why."""
    if not isinstance(settings, config.Settings):
        settings = config.load(overrides=settings)
    config.check_site(settings)
    app = Flask("intake", template_folder=config.ROOT / "templates", static_folder=config.ROOT / "static")
    db = SQLAlchemy(model_class=Base)
    office = assemble(settings, db.session)
    app.config.update(
        SECRET_KEY=office.key.for_purpose("cookies"),
        WTF_CSRF_SECRET_KEY=office.key.for_purpose("forms"),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser keeps its cookie
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own pages forbid
        **cookies.of_the_forms(settings),
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        SQLALCHEMY_DATABASE_URI=settings.url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.url, settings.threads),
    )
    app.extensions["intake"] = office
    app.extensions["intake_at_work"] = which_database.at_work(
        settings.instance
    )  # as long as this process lives
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
        founding.check(office)
        custody.check(office)
        db.session.remove()
        db.engine.dispose()  # a connection must not be shared with the workers that are forked from here
    app.before_request(before_any_body)  # before the forms are read, which the next line does
    CSRFProtect(app)
    look.dress(app)
    open_the_reporters_door(app)
    open_the_officers_door(app)
    app.after_request(headers.protect)
    app.after_request(padding.pad)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]
    return app


def load_what_workers_share() -> None:
    """In the process that workers are forked from: what is the same in each of them, so that it lies in memory once.

    No settings, no key and no connection: each worker builds its own application.
    """
    configure_mappers()
    load_catalogue()
    gc.collect()
    gc.freeze()  # a sweep would write to every object, and so make a copy of it for each worker
