"""What a WSGI server loads."""

from intake import create_app, memory

memory.keep_to_itself()
app = create_app()
