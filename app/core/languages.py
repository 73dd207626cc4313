"""Which language a request speaks; texts, dates and numbers by language. The only user of Flask-Babel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import flask_babel
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, gettext, lazy_gettext, ngettext, pgettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from app.core.clock import local
from app.core.errors import N_, Refused
from app.core.settings import Settings

LANGUAGES = ("kk", "ru", "en")
DEFAULT = LANGUAGES[0]
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
# Babel's plain "en" writes American dates.
_LOCALES = {"kk": "kk", "ru": "ru", "en": "en_GB"}
_NAMES = {"kk": ("Қаз", "Қазақша"), "ru": ("Рус", "Русский"), "en": ("Eng", "English")}

__all__ = ["DEFAULT", "LANGUAGES", "force_locale", "gettext", "lazy_gettext", "ngettext", "pgettext"]


class LanguageConverter(BaseConverter):
    """The first part of an address: one of the languages."""

    # Not the converter of texts: that one sets a pattern of its own.
    regex = f"(?:{'|'.join(LANGUAGES)})"


@dataclass(frozen=True)
class LanguageLink:
    """This very page in another language."""

    code: str
    label: str
    name: str
    url: str
    current: bool


def init_app(app: Flask, settings: Settings) -> None:
    """Let every address carry its language and every page speak it."""
    app.url_map.converters["lang"] = LanguageConverter
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(_compile_catalogues(settings.instance))
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    Babel(app, locale_selector=current)

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "language" in values:
            g.language = values.pop("language")

    @app.url_defaults
    def put_language(endpoint: str, values: dict[str, Any]) -> None:
        if "language" not in values and app.url_map.is_endpoint_expecting(endpoint, "language"):
            values["language"] = current()

    app.add_template_filter(in_language)
    app.add_template_filter(in_language_of)
    app.add_template_filter(show_date)
    app.add_template_filter(show_day)
    app.add_template_filter(show_iso_day)
    app.add_template_filter(show_bytes)
    app.add_template_filter(competency)
    app.add_template_filter(show_time)
    app.add_template_filter(show_number)


def _compile_catalogues(instance: Path) -> Path:
    """Compile each catalogue that is newer than its compiled form; return their folder."""
    folder = instance / "translations"
    for source in CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        target = folder / source.relative_to(CATALOGUES).with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # Another process may read it at this moment: write aside, then rename.
        aside = target.with_suffix(".new")
        with source.open("rb") as read, aside.open("wb") as write:
            write_mo(write, read_po(read))
        aside.replace(target)
    return folder


def current() -> str:
    """Return the language of this request: the address, else what the browser asks for, else Kazakh."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        first = request.path.split("/")[1] if request.path.count("/") else ""
        g.language = first if first in LANGUAGES else request.accept_languages.best_match(LANGUAGES, DEFAULT)
    return cast("str", g.language)


def _spoken() -> str:
    return str(flask_babel.get_locale() or DEFAULT).split("_", maxsplit=1)[0]


def links() -> list[LanguageLink]:
    """Return this page in each language; the start page where the address has no language."""
    endpoint = request.endpoint
    speaks = (
        endpoint is not None and request.url_rule is not None and "language" in request.url_rule.arguments
    )
    here = current()
    return [
        LanguageLink(code, *_NAMES[code], _this_page(code) if speaks else f"/{code}/", current=code == here)
        for code in LANGUAGES
    ]


def _this_page(code: str) -> str:
    start = f"/{code}/"
    path = start + request.path.split("/", 2)[2]
    while path != start and not _can_be_read(path):
        # A refused form is shown under its own address, which may not answer a GET: a page above it does.
        above = path.rpartition("/")[0]
        path = above if above.startswith(start) else start
    query = urlencode(list(request.args.items(multi=True)))
    return f"{quote(path)}?{query}" if query else quote(path)


def _can_be_read(path: str) -> bool:
    if request.method in {"GET", "HEAD"}:
        return True
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def say(refusal: Refused) -> str:
    """Return the refusal's sentence in the language of the request."""
    text: str = gettext(refusal.message)
    return text % refusal.values if refusal.values else text


def in_language(texts: Mapping[str, str]) -> str:
    """Return the text of this request's language from `{"kk": ..., "ru": ..., "en": ...}`."""
    return texts[_spoken()]


def in_language_of(texts: Mapping[str, Mapping[str, Any]], name: str) -> Any:  # noqa: ANN401 - whatever is kept there
    """Return one part of the request's language from `{"kk": {name: ...}, ...}`."""
    return texts[_spoken()][name]


def show_date(moment: datetime) -> str:
    """Return day and time in the country's zone, in the language of the request."""
    return f"{show_day(local(moment).date())}, {show_time(moment)}"


def show_day(day: date | datetime) -> str:
    """Return a day in the long form of the language."""
    return babel_date(
        local(day).date() if isinstance(day, datetime) else day, "long", locale=_LOCALES[_spoken()]
    )


def show_iso_day(text: str) -> str:
    """Return a day kept as ISO text in the long form of the language."""
    return show_day(date.fromisoformat(text))


def show_bytes(count: int) -> str:
    """Return a weight in kilobytes, at least 1, as the language writes it."""
    return str(gettext("%(number)s KB", number=show_number(max(1, round(count / 1024)))))


COMPETENCIES = {
    "analysis": N_("Analysis"),
    "clarity": N_("Clarity"),
    "involvement": N_("Involvement"),
    "self-learning": N_("Self-learning"),
    "conflict": N_("Conflict"),
    "constraint": N_("Constraint"),
}
"""The six of the school, by their keys in files, with their names on screens."""


def competency(key: str) -> str:
    """Return the name of a competency in the language of the request."""
    return str(gettext(COMPETENCIES[key]))


def show_time(moment: datetime) -> str:
    """Return hours and minutes in the country's zone."""
    return babel_time(local(moment), "HH:mm", locale=_LOCALES[_spoken()])


def show_number(number: Decimal | Fraction | float) -> str:
    """Return a number with the language's decimal sign and no-break thousands."""
    value = (
        Decimal(number.numerator) / Decimal(number.denominator) if isinstance(number, Fraction) else number
    )
    return format_decimal(value, locale=_LOCALES[_spoken()])
