"""What can be done with places: load the classifier, walk its tree, find a place by any spelling."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.core.alphabet import fold, sort_key
from app.core.errors import NotYours
from app.places import tree
from app.places.models import Place, PlaceSpelling
from app.places.naming import Naming, naming

CLASSIFIER = Path(__file__).parent / "data" / "kato.csv"
LONGEST_SEARCH = 80
MOST_WORDS = 5
BATCH = 400
# Sorts after every letter, in bytes as in code points.
_LAST = "\U0010ffff"

# Words that people add to a name; left out when nothing is called so.
_KINDS = frozenset(
    fold(
        "с село сельский сельская п поселок г город район область округ администрация а о ауыл ауылы аул "
        "ауылдық округі кент кенті қала қаласы аудан ауданы облыс облысы әкімдігі village settlement city "
        "town district region rural oblast rayon raion okrug"
    ).split()
)

Row = Mapping[str, object]


@dataclass(frozen=True)
class Loaded:
    """What a load did; counts of places by level are of the whole classifier."""

    added: int
    changed: int
    by_level: Mapping[str, int]


# -- loading -------------------------------------------------------------------------------------


def load(session: Session, csv_path: Path = CLASSIFIER) -> Loaded:
    """Bring the table of places up to the classifier's file. Running it again changes nothing.

    A place that left the file stays: something may point at it.
    """
    with csv_path.open(encoding="utf-8-sig", newline="") as file:
        raw = {line["kato"]: line for line in csv.DictReader(file)}
    names = {kato: naming(line["name_kk"], line["name_ru"]) for kato, line in raw.items()}
    rows = {kato: _row(kato, raw, names) for kato in sorted(raw)}
    stored = {row["kato"]: dict(row) for row in session.execute(select(*Place.__table__.columns)).mappings()}
    added = [row for kato, row in rows.items() if kato not in stored]
    changed = [row for kato, row in rows.items() if kato in stored and stored[kato] != row]
    if added:
        session.execute(insert(Place), added)
    if changed:
        session.execute(update(Place), changed)
    _spell(session, [str(row["kato"]) for row in changed], added + changed, names)
    levels = [str(row["level"]) for row in rows.values()]
    return Loaded(len(added), len(changed), {level: levels.count(level) for level in tree.LEVELS})


def _row(kato: str, raw: Mapping[str, Mapping[str, str]], names: Mapping[str, Naming]) -> Row:
    line, name = raw[kato], names[kato]
    above = tree.parent(kato, raw)
    return {
        "kato": kato,
        "parent_kato": above,
        "level": line["level"],
        "type_code": line["type_code"],
        "name_kk": name.kk,
        "name_ru": name.ru,
        "name_en": name.en,
        "sort_key": sort_key(name.kk),
        "is_rural": tree.elects_akim(
            level=line["level"],
            name_ru=name.ru,
            parent_level=raw[above]["level"] if above else None,
            parent_name_ru=names[above].ru if above else "",
        ),
    }


def _spell(
    session: Session, renamed: Sequence[str], rows: Iterable[Row], names: Mapping[str, Naming]
) -> None:
    for start in range(0, len(renamed), BATCH):
        session.execute(delete(PlaceSpelling).where(PlaceSpelling.kato.in_(renamed[start : start + BATCH])))
    spellings = [
        {"kato": row["kato"], "word": word}
        for row in rows
        for word in sorted(names[str(row["kato"])].spellings)
    ]
    if spellings:
        session.execute(insert(PlaceSpelling), spellings)


# -- the tree ------------------------------------------------------------------------------------


def get(session: Session, kato: str) -> Place:
    """Return the place with this code.

    Raises:
        NotYours: there is none.
    """
    place = session.get(Place, kato) if tree.is_code(kato) else None
    if place is None:
        raise NotYours
    return place


def children(session: Session, kato: str | None) -> list[Place]:
    """Return what lies directly in a place, in the order of the Kazakh alphabet; the regions for None."""
    return list(session.scalars(select(Place).where(Place.parent_kato == kato).order_by(Place.sort_key)))


def lineage(session: Session, place: Place) -> list[Place]:
    """Return the way from the region down to `place` itself."""
    above = session.scalars(select(Place).where(Place.kato.in_(tree.ancestors(place.kato))))
    return [*sorted(above, key=lambda one: tree.LEVELS.index(one.level)), place]


def lineages(session: Session, places: Sequence[Place]) -> dict[str, list[Place]]:
    """Return the way down to each of `places`, by code, in one query."""
    wanted = {code for place in places for code in tree.ancestors(place.kato)}
    found = {one.kato: one for one in session.scalars(select(Place).where(Place.kato.in_(wanted)))}
    return {
        place.kato: [*(found[code] for code in tree.ancestors(place.kato) if code in found), place]
        for place in places
    }


def district_of(session: Session, kato: str) -> str:
    """Return the code of the district that `kato` lies in; of the region where there is none.

    Raises:
        NotYours: there is no such place.
    """
    ways = lineage(session, get(session, kato))
    return next((one.kato for one in ways if one.level == "district"), ways[0].kato)


def is_within(kato: str, ancestor: Place) -> bool:
    """Tell whether `kato` is `ancestor` or lies in it."""
    return tree.lies_within(kato, ancestor=ancestor.kato, level=ancestor.level)


def unit_of(session: Session, place: Place) -> Place:
    """Return the place whose akim a voter of `place` elects: a village's unit, else the place itself."""
    if place.is_rural or place.level != "settlement" or place.parent_kato is None:
        return place
    return get(session, place.parent_kato)


# -- the search ----------------------------------------------------------------------------------


def search(session: Session, text: str, *, count: int = 20, rural_only: bool = False) -> list[Place]:
    """Return places by any spelling of any word of their names: Kazakh, Russian or Latin, begun is enough.

    Where no place has all the words, the first one names the place and the others what it lies in; words
    such as "village" are then left out. Exact words come first, then larger places, then the alphabet.

    Args:
        session: to read with.
        text: what a person typed.
        count: the most to return.
        rural_only: only places that elect an akim; a village leads to its unit.
    """
    words = fold(text[:LONGEST_SEARCH]).split()[:MOST_WORDS]
    names = [word for word in words if word not in _KINDS]
    for spelt in (_has_all(words), _has_first_within_others(names)):
        if spelt is None:
            continue
        if found := session.scalars(_ranked(spelt, words, count, rural_only=rural_only)).all():
            return list(found)
    return []


def _has_all(words: Sequence[str]) -> ColumnElement[bool] | None:
    if not words:
        return None
    each = and_(*(Place.kato.in_(_begins(word)) for word in words))
    return each if len(words) == 1 else or_(each, Place.kato.in_(_begins(_joined(words))))


def _has_first_within_others(names: Sequence[str]) -> ColumnElement[bool] | None:
    if not names:
        return None
    district = func.substr(Place.kato, 1, 4).concat("00000")
    region = func.substr(Place.kato, 1, 2).concat("0000000")
    around = (Place.kato, Place.parent_kato, district, region)
    others = (or_(*(code.in_(_begins(name)) for code in around)) for name in names[1:])
    return and_(Place.kato.in_(_begins(names[0])), *others)


def _ranked(
    spelt: ColumnElement[bool], words: Sequence[str], count: int, *, rural_only: bool
) -> Select[Place]:
    exact = select(PlaceSpelling.kato).where(PlaceSpelling.word.in_([*words, _joined(words)]))
    rank = case((Place.kato.in_(exact), 0), else_=len(tree.LEVELS)) + case(
        {level: place for place, level in enumerate(tree.LEVELS)}, value=Place.level
    )
    if not rural_only:
        return select(Place).where(spelt).order_by(rank, Place.sort_key).limit(count)
    unit: ColumnElement[str] = case((Place.is_rural, Place.kato), else_=Place.parent_kato)
    hits = select(unit.label("kato"), func.min(rank).label("rank")).where(spelt).group_by(unit).subquery()
    query = select(Place).join(hits, hits.c.kato == Place.kato).where(Place.is_rural)
    return query.order_by(hits.c.rank, Place.sort_key).limit(count)


def _joined(words: Sequence[str]) -> str:
    return fold("".join(words))


def _begins(word: str) -> Select[str]:
    # Not LIKE: a range of bytes uses the index on every database.
    return select(PlaceSpelling.kato).where(PlaceSpelling.word >= word, PlaceSpelling.word < word + _LAST)


def suggestions(
    session: Session, text: str, *, language: str, rural_only: bool = False
) -> Iterator[dict[str, str]]:
    """Yield for each place found: code, name, where it lies, and the code of the unit its akim belongs to."""
    places = search(session, text, rural_only=rural_only)
    ways = lineages(session, places)
    for place in places:
        above = ways[place.kato][:-1]
        is_village = place.level == "settlement" and not place.is_rural and above
        yield {
            "kato": place.kato,
            "name": place.names[language],
            "where": ", ".join(one.names[language] for one in reversed(above)),
            "unit": above[-1].kato if is_village else place.kato,
        }
