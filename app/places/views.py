"""Pages of places."""

from flask import Blueprint

pages = Blueprint("places", __name__, template_folder="templates")
