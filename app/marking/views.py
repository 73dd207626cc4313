"""Pages of marking."""

from flask import Blueprint

pages = Blueprint("marking", __name__, template_folder="templates")
