"""How a case may have come in."""

from __future__ import annotations

CHANNELS = {
    "online": "Online form",
    "phone": "Telephone",
    "letter": "Letter",
    "email": "E-mail",
    "in-person": "In person",
    "mp": "Through an MP",
    "councillor": "Through a councillor",
    "unknown": "Not said",  # of a case from a register
}
