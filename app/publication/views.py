"""Pages of publication."""

from flask import Blueprint

pages = Blueprint("publication", __name__, template_folder="templates")
