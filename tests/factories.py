"""Complete, valid things for tests."""

from itertools import count

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import Person
from app.core import clock
from app.core.alphabet import fold, sort_key
from app.places.models import Place, PlaceSpelling

PASSWORD = "three-calm-horses"
_numbers = count(1)
# Hashing costs 50 ms; tests need hundreds of people with one password.
_HASH = accounts.hash_password(PASSWORD)


def make_person(
    session: Session,
    *roles: str,
    signed_in: bool = False,
    name: str = "Мысалова Айгүл Үлгіқызы",
    language: str = "kk",
    email: str | None = None,
) -> tuple[Person, str]:
    """Add a confirmed person with `roles`; return them and a session token ('' when not signed in)."""
    now = clock.now()
    person = Person(
        email=email or f"person-{next(_numbers)}@mail.example",
        name=name,
        language=language,
        password_hash=_HASH,
        created_at=now,
        confirmed_at=now,
    )
    session.add(person)
    session.flush()
    for role in roles:
        accounts.grant_role(session, person, role, by=None, now=now)
    token = accounts.open_session(session, person, device="test", now=now, factor=True) if signed_in else ""
    return person, token


REGION, DISTRICT, UNIT, VILLAGE = "990000000", "991100000", "991130000", "991130100"
OTHER_DISTRICT, OTHER_UNIT = "991200000", "991230000"
_PLACES = (
    # code, above, level, kk, ru, en, elects an akim
    (REGION, None, "oblast", "Мысал облысы", "Мысальская область", "Mysal region", False),
    (DISTRICT, REGION, "district", "Мысалтау ауданы", "Мысалтауский район", "Mysaltau district", False),
    (UNIT, DISTRICT, "sub_district", "Мысалбұлақ ауылдық округі", "Мысалбулакский сельский округ", "Mysalbulak rural district", True),
    (VILLAGE, UNIT, "settlement", "Үлгісай ауылы", "село Ульгисай", "Ulgisai village", False),
    (OTHER_DISTRICT, REGION, "district", "Үлгі ауданы", "Ульгийский район", "Ulgi district", False),
    (OTHER_UNIT, OTHER_DISTRICT, "sub_district", "Сынақкөл ауылдық округі", "Сынаккольский сельский округ", "Synakkol rural district", True),
)  # fmt: skip


def make_places(session: Session) -> None:
    """Add two invented districts of one region, each with a rural unit; the first also with a village."""
    for kato, above, level, kk, ru, en, elects in _PLACES:
        session.add(
            Place(
                kato=kato, parent_kato=above, level=level, type_code="5", name_kk=kk, name_ru=ru, name_en=en,
                sort_key=sort_key(kk), is_rural=elects,
            )
        )  # fmt: skip
        session.flush()
        words = {word for name in (kk, ru, en) for word in fold(name).split()}
        session.add_all(PlaceSpelling(kato=kato, word=word) for word in sorted(words))
    session.flush()
