"""Pages of candidacy."""

from flask import Blueprint

pages = Blueprint("candidacy", __name__, template_folder="templates")
