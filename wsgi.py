"""Entry for the web server (`wsgi:app`) and the job consumer (`wsgi.queue`): settings from the environment."""

import os

from app import create_app
from app.core.settings import from_env

app = create_app(from_env(os.environ))
queue = app.extensions["queue"]
