"""Pages of publication: one blueprint, one module for each of the three who come."""

from app.publication.views import candidate, organiser, voter
from app.publication.views.blueprint import PREFIX, pages

__all__ = ["PREFIX", "candidate", "organiser", "pages", "voter"]
