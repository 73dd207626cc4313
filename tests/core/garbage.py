"""What nobody sends who means well: for addresses, queries, forms and bodies. Nothing here is ever right."""

from uuid import UUID

NUL = "\0"
HUGE = "9" * 40
LONG = "ы" * 20_000
HALF_A_LETTER = b"\xed\xa0\x80"
"""A lone surrogate in UTF-8: bytes that are no text."""
FOREIGN = str(UUID(int=7))

ADDRESS_PARTS: tuple[bytes, ...] = (
    b"0",
    b"-1",
    b"1.5",
    HUGE.encode(),
    str(2**63).encode(),
    FOREIGN.encode(),
    b"not-an-id",
    b"AAAA-BBBB",
    b"123456789",
    b"' OR 1=1 --",
    b"<script>",
    b"%",
    b"..",
    b"a\0b",
    HALF_A_LETTER,
    "Ә".encode() * 400,
)
QUERIES: tuple[bytes, ...] = (
    b"%00",
    b"%ED%A0%80",
    HUGE.encode(),
    b"-1",
    b"1e999",
    b"%D1%8B" * 3000,
    b"[]",
    b"2026-13-45",
    b"0001-01-01",
    b"9999-12-31",
    b"//evil.example/",
)
VALUES: tuple[str | bytes, ...] = (
    "", NUL, HALF_A_LETTER, HUGE, "-1", "NaN", LONG, "0001-01-01", "9999-12-31T23:59", FOREIGN, "\u202e\r\nSubject: x",
)  # fmt: skip
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b""),
    ("application/json", b"["),
    ("application/json", b"[" * 50_000),
    ("application/json", b"null"),
    ("application/json", b"[]"),
    ("application/json", b'{"events": 1}'),
    ("application/json", b'{"events": [null]}'),
    ("application/json", b'{"events": [{"client": 1, "sequence": "x", "position": {}, "fields": []}]}'),
    ("application/json", b'{"events": NaN}'),
    ("application/json", b'{"events": ' + HUGE.encode() + b"}"),
    ("application/json", b'{"events": 1' + b"0" * 5000 + b"}"),
    ("application/json", b"\xff\xfe"),
    ("application/json; charset=utf-16", b"{}"),
    ("application/xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    ("text/plain", b"answer=a"),
    ("multipart/form-data", b"--no-boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
    ("application/x-www-form-urlencoded", b"%" * 100),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ("application/octet-stream", bytes(range(256))),
)
TOO_MUCH = b"a=" + b"x" * 300 * 1024
