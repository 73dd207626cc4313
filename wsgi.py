"""Entry for the web server: settings from the environment, then the application."""

import os

from app import create_app
from app.core.settings import from_env

app = create_app(from_env(os.environ))
