"""What gunicorn does before it starts its workers: it loads the program, once for all of them."""

from intake import memory, wiring

memory.keep_to_itself()
wiring.load_what_workers_share()
