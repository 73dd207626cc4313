"""Which browser this is, in words its owner knows, and whether it signed someone in before. Pure."""

from collections.abc import Sequence
from secrets import token_urlsafe

from itsdangerous import BadData, URLSafeSerializer

MOST_PEOPLE = 6
"""A family's phone knows this many accounts; the oldest is forgotten first."""
# Each browser also names the ones it imitates: the first that fits counts.
_BROWSERS = (
    ("YaBrowser", "Yandex"), ("SamsungBrowser", "Samsung Internet"), ("OPR/", "Opera"), ("Edg", "Edge"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """Return browser and system, as "Chrome, Android"; "" when neither is known."""
    return ", ".join(filter(None, (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))))


def _first(names: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")


def known_as(cookie: str, account: str, *, secret: str) -> str:
    """Return the device's own id if it signed `account` in before; else "".

    A known device has tries of its own: nobody can shut a person out by guessing wrongly from elsewhere.

    Args:
        cookie: what the browser sent; anything forged counts as nothing.
        account: the keyed hash of the account.
        secret: signs the cookie.
    """
    device, accounts = _read(cookie, secret)
    return device if account in accounts else ""


def remember(cookie: str, account: str, *, secret: str) -> str:
    """Return the cookie of a device that has just signed `account` in."""
    device, accounts = _read(cookie, secret)
    kept = [*(known for known in accounts if known != account), account][-MOST_PEOPLE:]
    return _serializer(secret).dumps([device or token_urlsafe(12), *kept])


def _read(cookie: str, secret: str) -> tuple[str, list[str]]:
    try:
        device, *accounts = _serializer(secret).loads(cookie)
    except (BadData, ValueError, TypeError):
        return "", []
    return device, accounts


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="known-device")
