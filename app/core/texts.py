"""The screens' texts: collect them from code and templates into the catalogues, and say what a language lacks."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup

from app.core.languages import CATALOGUES, LANGUAGES

SOURCE = "en"
"""The language of the keys: its catalogue repeats them."""
APP = CATALOGUES.parent
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("items/types/**.html", "jinja2"),
]
OPTIONS = {method: {"trimmed": "true"} for _, method in METHODS[1:]}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_PLACE = re.compile(r"%\((\w+)\)s")

commands = AppGroup("texts", help="The catalogues of the screens' texts.")


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def collect() -> Catalog:
    """Return every text of code and templates, with where it stands; no line numbers, so that edits stay small."""
    found = Catalog(fuzzy=False)
    for name, _line, message, _comments, context in extract_from_dir(
        APP, METHODS, OPTIONS, keywords=KEYWORDS, strip_comment_tags=True
    ):
        place = (f"app/{Path(name).as_posix()}", 0)
        found.add(message, None, [place], context=context)
    return found


def read(language: str) -> Catalog:
    """Return the catalogue of a language; empty when there is none yet."""
    path = _path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, found: Catalog) -> Catalog:
    """Return the catalogue with exactly the texts of `found`; nothing is guessed, what is new is empty."""
    catalogue = read(language)
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    if language == SOURCE:
        for message in catalogue:
            if message.id:
                message.string = message.id
    return catalogue


def lacks(language: str, found: Catalog) -> Iterator[str]:
    """Yield what keeps the catalogue from being whole, one line each."""
    catalogue = read(language)
    known = {(message.id, message.context): message for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in found if message.id}
    for key in sorted(wanted, key=str):
        message = known.get(key)
        if message is None:
            yield f"{language}: not in the catalogue: {key[0]!r}"
        else:
            yield from (f"{language}: {fault}: {key[0]!r}" for fault in _faults(message))
    yield from (f"{language}: no longer used: {key[0]!r}" for key in sorted(set(known) - wanted, key=str))


def _faults(message: Message) -> Iterator[str]:
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    if message.fuzzy:
        yield "is fuzzy"
    if not all(texts):
        yield "is empty"
        return
    ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
    asked = set(_PLACE.findall("".join(ids)))
    for text in texts:
        # "One answer" may leave the number out; no form may invent a place.
        if not set(_PLACE.findall(str(text))) <= asked or (
            len(ids) == 1 and set(_PLACE.findall(str(text))) != asked
        ):
            yield "has other places to fill"


@commands.command()
def update() -> None:
    """Bring the catalogues up to date with code and templates."""
    found = collect()
    for language in LANGUAGES:
        catalogue = updated(language, found)
        path = _path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, sort_output=True, omit_header=False, include_previous=False, width=100)
        empty = sum(not message.string for message in catalogue if message.id)
        click.echo(f"{language}: {len(catalogue)} texts, {empty} empty")


@commands.command()
def check() -> None:
    """Name every text that a language lacks; exit 1 if there is any."""
    found = collect()
    faults = [fault for language in LANGUAGES for fault in lacks(language, found)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo(f"texts: {len(found)} in {len(LANGUAGES)} languages, none missing")
