import gzip
from datetime import date
from pathlib import Path
from uuid import UUID

from app.publication import building
from app.publication.building import Shelf

ID = UUID(int=7)


def test_the_language_stands_first_in_every_address() -> None:
    assert building.regions_file("kk") == "kk/places/index.html"
    assert building.place_file("ru", "103247000") == "ru/places/103247000.html"
    assert building.candidate_file("en", ID) == f"en/candidates/{ID}.html"


def test_a_page_lies_beside_its_compressed_form_and_both_say_the_same(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "public", "1")

    shelf.put("kk/a.html", b"<p>one</p>")

    sent = shelf.read("kk/a.html")
    assert sent is not None
    assert sent.content == b"<p>one</p>"
    assert gzip.decompress(sent.compressed or b"") == b"<p>one</p>"
    assert sorted(path.name for path in (tmp_path / "public" / "kk").iterdir()) == ["a.html", "a.html.gz"]


def test_the_same_page_is_compressed_to_the_same_bytes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "1")
    shelf.put("a.html", b"x" * 500)
    first = shelf.read("a.html")
    shelf.put("a.html", b"x" * 500)

    assert shelf.read("a.html") == first


def test_taking_away_takes_both_and_does_no_harm_twice(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "1")
    shelf.put("a.html", b"1")

    shelf.remove("a.html")
    shelf.remove("a.html")

    assert list(tmp_path.iterdir()) == []
    assert shelf.read("a.html") is None


def test_finishing_takes_strays_away_and_marks_the_version(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "1")
    for name in ("kk/a.html", "kk/b.html"):
        shelf.put(name, b"1")
    shelf.put("pdf/c.pdf", b"%PDF")

    assert not shelf.is_current()
    assert shelf.finish(["kk/a.html"]) == 3

    assert shelf.read("kk/a.html")
    assert shelf.read("kk/b.html") is None
    assert shelf.read("pdf/c.pdf") is None
    assert shelf.is_current()
    assert not Shelf(tmp_path, "2").is_current()


def test_different_bytes_have_different_tags() -> None:
    assert building.etag(b"a") != building.etag(b"b")
    assert building.etag(b"a") == building.etag(b"a")


def test_a_page_tells_its_last_day_if_it_has_one() -> None:
    assert building.last_day(b'<meta name="last-day" content="2027-03-16">') == date(2027, 3, 16)
    assert building.last_day(b"<p>2027-03-16</p>") is None
