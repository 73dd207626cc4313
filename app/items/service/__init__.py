"""What can be done with the bank: take in its files, keep their words, and give out what may be drawn."""

from app.items.service.lists import (
    MOST_ROWS,
    PAGE,
    Filters,
    described,
    drawable,
    get,
    listed,
    sources,
    topics,
    versions_of,
)
from app.items.service.showing import Shown, scored, shown
from app.items.service.sync import BankNotSound, Synced, encrypt, sync, take_in
from app.items.service.vault import InSealedPaper, Wording, restore, shut, wording_of, wordings_of

__all__ = [
    "MOST_ROWS",
    "PAGE",
    "BankNotSound",
    "Filters",
    "InSealedPaper",
    "Shown",
    "Synced",
    "Wording",
    "described",
    "drawable",
    "encrypt",
    "get",
    "listed",
    "restore",
    "scored",
    "shown",
    "shut",
    "sources",
    "sync",
    "take_in",
    "topics",
    "versions_of",
    "wording_of",
    "wordings_of",
]
