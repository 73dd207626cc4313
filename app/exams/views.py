"""Pages of exams."""

from flask import Blueprint

pages = Blueprint("exams", __name__, template_folder="templates")
