"""The safe: keys, envelopes, receipts and sealed records.

What may not enter this room: anything but `cryptography` and the standard library. No Flask, no SQLAlchemy,
no settings, no clock, no files, no network, and no logging of anything, so that nothing here can say what it
has seen. It keeps no state but the last public keys that it read, and has no defaults reached from afar:
every key is an argument.

Bytes come in and bytes go out. What each format is and what it binds is in `SPEC.md`, in the same words as
the code; a change to either is a change to both, and to the version byte.
"""
