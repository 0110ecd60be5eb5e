"""What the servers that are compared serve: the house, and a bare form. It knows nothing of the rest of `bench`, and so
is served beside any checkout.
"""

import os
import sqlite3
import threading
from pathlib import Path


def house():
    """The application, which answers as soon as it can: the even time of some answers would hide their work."""
    from intake import create_app
    from intake.web.public import evenly

    evenly.FLOOR_SECONDS = 0.0
    return create_app()


def bare():
    """A form whose POST is one row on the disk, synchronous FULL."""
    from flask import Flask, redirect, request

    app, mine = Flask("bare"), threading.local()

    def stored() -> sqlite3.Connection:
        if not hasattr(mine, "connection"):
            path = Path(os.environ["INTAKE_INSTANCE"], "bare.db")
            mine.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            mine.connection.execute("PRAGMA journal_mode=WAL")
            mine.connection.execute("PRAGMA synchronous=FULL")
            mine.connection.execute(
                "CREATE TABLE IF NOT EXISTS told (id BLOB PRIMARY KEY, words TEXT) WITHOUT ROWID"
            )
        return mine.connection

    @app.get("/")
    def ask():
        return '<form method=post action="/"><textarea name=words></textarea><button>Send</button></form>'

    @app.post("/")
    def keep():
        stored().execute("INSERT INTO told VALUES (?, ?)", (os.urandom(16), request.form["words"]))
        return redirect("/", 303)

    return app
