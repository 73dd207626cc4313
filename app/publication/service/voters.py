"""The voters' pages: drawn from the database, kept as files, the same bytes either way."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from flask import current_app, g, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.assets import SOURCE as STATIC
from app.core.database import after_commit, db, unit_of_work
from app.core.errors import NotYours
from app.core.languages import CATALOGUES, LANGUAGES, gettext
from app.core.settings import ROOT, Settings
from app.places import service as places
from app.places.tree import is_code
from app.publication import building
from app.publication.building import Sent, Shelf
from app.publication.models import ListedCandidate
from app.publication.service import listing, sheets
from app.publication.sheet import Sheet

FOLDER = "public"
logger = logging.getLogger(__name__)
TEMPLATES = tuple(ROOT / "app" / room / "templates" for room in ("core", "results", "publication"))


def shelf() -> Shelf:
    """Return the folder of the pages, as this version of the site makes them."""
    settings: Settings = current_app.extensions["settings"]
    if "pages_version" not in current_app.extensions:
        current_app.extensions["pages_version"] = _version(settings)
    return Shelf(settings.instance / FOLDER, current_app.extensions["pages_version"])


def _version(settings: Settings) -> str:
    """Return what changes when any page would: templates, texts, static files, settings that pages show."""
    total = sha256(f"{settings.base_url} {settings.demo}".encode())
    for folder in (*TEMPLATES, CATALOGUES, STATIC):
        for path in sorted(
            path for path in folder.rglob("*") if path.suffix in {".html", ".po", ".css", ".svg", ".js"}
        ):
            total.update(path.read_bytes())
    return total.hexdigest()


# -- drawing -------------------------------------------------------------------------------------


def draw_candidate(sheet: Sheet, language: str) -> bytes:
    """Return a candidate's page."""
    address = _path("candidate", language, public_id=sheet.public_id)
    return _draw(address, "publication/candidate.html", sheet=sheet)


def draw_place(page: sheets.PlacePage, language: str) -> bytes:
    """Return a place's page."""
    return _draw(_path("place", language, kato=page.kato), "publication/place.html", page=page)


def draw_regions(regions: Iterable[tuple[str, Mapping[str, str]]], language: str) -> bytes:
    """Return the list of regions."""
    return _draw(_path("regions", language), "publication/regions.html", regions=regions, found=None, text="")


def draw_about(subject: str, language: str) -> bytes:
    """Return a page of explanations."""
    return _draw(_path("about", language, subject=subject), f"publication/about/{subject}.html")


def _path(endpoint: str, language: str, **values: object) -> str:
    return current_app.url_map.bind("").build(f"publication.{endpoint}", {"language": language, **values})


def _draw(path: str, template: str, **values: object) -> bytes:
    """Draw a page as a visitor would get it at `path`, whoever asks and whatever else they sent.

    A context of its own: nothing of the present request, its person, its language, can reach the page.
    """
    base_url = current_app.extensions["settings"].base_url
    with current_app.app_context(), current_app.test_request_context(path, base_url=base_url):
        g.rule = current_app.extensions["policy"][request.endpoint, "GET"]
        return render_template(template, sections=sections(), **values).encode()


def sections() -> list[dict[str, object]]:
    """Return the row of sections on the voters' pages."""
    here = (request.endpoint or "").removeprefix("publication.")
    among_candidates = here in {"regions", "place", "candidate"}
    explained = url_for("publication.about", subject="method")
    return [
        {"label": gettext("Candidates"), "url": url_for("publication.regions"), "current": among_candidates},
        {"label": gettext("Check"), "url": url_for("publication.check"), "current": here == "check"},
        {"label": gettext("Explanations"), "url": explained, "current": here == "about"},
    ]


# -- reading: the file, else the database ----------------------------------------------------------


def candidate_page(session: Session, public_id: UUID, language: str, *, now: datetime) -> Sent:
    """Return a candidate's page.

    Raises:
        NotYours: no list has such an entry.
    """
    kept = _kept(building.candidate_file(language, public_id))
    ends = building.last_day(kept.content) if kept else None
    if kept and (ends is None or clock.local(now).date() <= ends):
        return kept
    listed = listing.entry(session, public_id)
    return Sent(draw_candidate(sheets.of_candidate(session, listed, now=now), language))


def place_page(session: Session, kato: str, language: str) -> Sent:
    """Return a place's page.

    Raises:
        NotYours: there is no such place.
    """
    kept = _kept(building.place_file(language, kato)) if is_code(kato) else None
    return kept or Sent(draw_place(sheets.of_place(session, places.get(session, kato)), language))


def regions_page(session: Session, language: str) -> Sent:
    """Return the list of regions."""
    kept = _kept(building.regions_file(language))
    return kept or Sent(draw_regions(sheets.regions(session), language))


def pdf(session: Session, public_id: UUID, language: str, *, now: datetime) -> Sent:
    """Return the certificate that a candidate publishes.

    Raises:
        NotYours: there is no such candidate, or they publish none: both look the same.
    """
    page = candidate_page(session, public_id, language, now=now)
    # The page decides: a certificate that it does not show is not given out, whatever lies in the folder.
    if building.last_day(page.content) is not None:
        if kept := _kept(building.pdf_file(public_id)):
            return kept
        if drawn := sheets.published_pdf(session, listing.entry(session, public_id), now=now):
            return Sent(drawn)
    raise NotYours


def _kept(name: str) -> Sent | None:
    here = shelf()
    return here.read(name) if here.is_current() else None


# -- building ------------------------------------------------------------------------------------


def rebuild_after_commit(listed_id: int) -> None:
    """Rewrite one candidate's page once this request is durable, before its answer leaves."""
    after_commit(partial(rebuild_candidate, listed_id))


def rebuild_candidate(listed_id: int) -> None:
    """Rewrite the page of one name on the list, and nothing else.

    A disk that is full must not keep a withdrawn page: without files the page is drawn from the database,
    until the outbox has written them anew.
    """
    with unit_of_work() as session:
        try:
            _build_candidate(session, listed_id, shelf())
        except OSError:
            logger.exception("the pages of entry %s could not be written", listed_id)


def _build_candidate(session: Session, listed_id: int, here: Shelf) -> list[str]:
    """Write one candidate's files as the database has it now; return their names.

    The row is locked meanwhile: of two builders the later one always writes the newer state. What cannot be
    written is taken away.
    """
    listed = session.get(
        ListedCandidate, listed_id, with_for_update={"of": ListedCandidate}, populate_existing=True
    )
    if listed is None:
        return []
    files = {} if listed.removed_at is not None else _files(session, listed, now=clock.now())
    try:
        for name, content in files.items():
            here.put(name, content)
    except OSError:
        files = {}
        raise
    finally:
        for name in _names(listed.public_id) - set(files):
            here.remove(name)
    return list(files)


def _names(public_id: UUID) -> set[str]:
    pages = {building.candidate_file(language, public_id) for language in LANGUAGES}
    return {*pages, building.pdf_file(public_id)}


def _files(session: Session, listed: ListedCandidate, *, now: datetime) -> dict[str, bytes]:
    """Return what belongs into the folder for one candidate: bytes by name."""
    sheet = sheets.of_candidate(session, listed, now=now)
    files = {
        building.candidate_file(language, listed.public_id): draw_candidate(sheet, language)
        for language in LANGUAGES
    }
    if pdf_bytes := sheets.published_pdf(session, listed, now=now):
        files[building.pdf_file(listed.public_id)] = pdf_bytes
    return files


def _build_place(session: Session, kato: str, here: Shelf) -> list[str]:
    page = sheets.of_place(session, places.get(session, kato))
    names = []
    for language in LANGUAGES:
        name = building.place_file(language, kato)
        here.put(name, draw_place(page, language))
        names.append(name)
    return names


def pages_changed(payload: Mapping[str, object]) -> None:
    """Rewrite what the payload names: one candidate (of the list, or by account), or a place. May run twice."""
    session, here = db.session(), shelf()
    if "listed" in payload:
        _build_candidate(session, int(str(payload["listed"])), here)
        return
    if "person" in payload:
        listed = listing.of_person(session, int(str(payload["person"])))
        if listed is not None:
            _build_candidate(session, listed.id, here)
        return
    kato = str(payload["place"])
    for listed_id in session.scalars(
        select(ListedCandidate.id).where(ListedCandidate.place_kato == kato)
    ).all():
        _build_candidate(session, listed_id, here)
    _build_place(session, kato, here)


def build_all() -> int:
    """Write every page that files are needed for, take away the rest; return how many files there are.

    Pages of places without a list are not written: they are drawn when asked for.
    """
    here = shelf()
    with unit_of_work() as session:
        listed_ids = session.scalars(select(ListedCandidate.id).order_by(ListedCandidate.id)).all()
        units = session.scalars(
            select(ListedCandidate.place_kato).where(ListedCandidate.removed_at.is_(None)).distinct()
        ).all()
    names = []
    for listed_id in listed_ids:
        with unit_of_work() as session:
            names += _build_candidate(session, listed_id, here)
    with unit_of_work() as session:
        for kato in units:
            names += _build_place(session, kato, here)
        regions = sheets.regions(session)
    for language in LANGUAGES:
        names.append(building.regions_file(language))
        here.put(names[-1], draw_regions(regions, language))
    here.finish(names)
    return len(names)


def build_if_new(_session: Session, _now: datetime) -> None:
    """Build everything when the site has changed since the pages were made: a new version, new texts."""
    if not shelf().is_current():
        build_all()
