"""Documents: plain values in, text or bytes out. Nothing here knows a table, a key or a request."""
