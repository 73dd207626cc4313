"""Pages of accounts: one module per activity."""

from app.accounts.views import account, entry, factor, letters, people
from app.accounts.views.blueprint import pages

__all__ = ["account", "entry", "factor", "letters", "pages", "people"]
