"""Which right each command takes: all of them are the administrator's, whoever runs commands on the machine.

None opens a case: what is sealed opens to an account's own key or to the printed ones. A command that is not here is
not there: the first word finds no file, and the build fails.
"""

from __future__ import annotations

from intake.services.ground.roles import Right

TAKES = {
    "audit head": Right.AUDIT,
    "audit verify": Right.AUDIT,
    "backup": Right.BACK_UP,
    "check": Right.KEEP_THE_INSTANCE,
    "check-to-serve": Right.KEEP_THE_INSTANCE,
    "clock": Right.KEEP_THE_INSTANCE,
    "counts": Right.REPORT,
    "demo": Right.KEEP_THE_INSTANCE,
    "destroy burnt": Right.BACK_UP,
    "destroy finish": Right.BACK_UP,
    "destroy status": Right.BACK_UP,
    "init": Right.KEEP_THE_INSTANCE,
    "migrate-to": Right.KEEP_THE_INSTANCE,
    "office add": Right.KEEP_VAULTS,
    "office list": Right.KEEP_VAULTS,
    "register coverage": Right.IMPORT,
    "register import": Right.IMPORT,
    "register stop": Right.IMPORT,
    "restore": Right.BACK_UP,
    "serve": Right.KEEP_THE_INSTANCE,
    "services import": Right.KEEP_SERVICES,
    "services list": Right.KEEP_SERVICES,
    "staff add": Right.KEEP_ACCOUNTS,
    "staff disable": Right.KEEP_ACCOUNTS,
    "staff list": Right.KEEP_ACCOUNTS,
    "tick": Right.KEEP_THE_INSTANCE,
    "upgrade": Right.KEEP_THE_INSTANCE,
    "vault check": Right.KEEP_VAULTS,
    "vault grant": Right.KEEP_VAULTS,
    "vault list": Right.KEEP_VAULTS,
    "vault rehearse": Right.KEEP_VAULTS,
    "vault remove": Right.KEEP_VAULTS,
    "vault shares": Right.KEEP_VAULTS,
    "vault rotate": Right.KEEP_VAULTS,
}
