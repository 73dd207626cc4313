"""Pages of items."""

from flask import Blueprint

pages = Blueprint("items", __name__, template_folder="templates")
