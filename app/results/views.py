"""Pages of results."""

from flask import Blueprint

pages = Blueprint("results", __name__, template_folder="templates")
