"""Pages of certificates."""

from flask import Blueprint

pages = Blueprint("certificates", __name__, template_folder="templates")
