"""The blueprint of publication. The certificate's address has no language, so each route names its own."""

from flask import Blueprint

from app.certificates.number import grouped

PREFIX = ""
pages = Blueprint("publication", __name__, template_folder="../templates")
pages.add_app_template_filter(grouped)
