"""What anyone sees: the same silence for everybody, files that are sent as they are, no cookies."""

import gzip
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.core import jobs
from app.core.database import unit_of_work
from tests.conftest import NOON, FrozenClock
from tests.factories import DISTRICT, REGION, UNIT, VILLAGE
from tests.marking.papers import count_queries
from tests.pages import Browser
from tests.publication.stage import NAME, OTHERS, build, in_one_go, listed

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(params=["files", "database"])
def made(request: pytest.FixtureRequest, app: Flask) -> Callable[[], None]:
    """The pages as files, and the same pages drawn when asked for."""
    return (lambda: build(app)) if request.param == "files" else (lambda: None)


def test_the_list_shows_names_only_in_the_order_of_the_alphabet_and_says_so(
    app: Flask, visitor: Browser, made: Callable[[], None]
) -> None:
    with app.app_context(), unit_of_work() as session:
        for name in OTHERS:
            listed(session, name)
    made()
    before = visitor.get(f"/en/places/{UNIT}")
    names = re.findall(r'lang="kk">([^<]+?) <svg', before.html)
    assert names == ["Болжамов Сәкен", "Сынақов Әли", "Үлгібаев Ерлан"]
    assert "In the order of the Kazakh alphabet." in before.text
    assert "Source: Аумақтық сайлау комиссиясы, 25 January 2027." in before.text
    assert "Registered candidates: 3" in before.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_and_pages_drawn_when_asked_for_are_the_same_bytes(
    app: Flask, visitor: Browser, language: str
) -> None:
    ids = in_one_go(app)
    addresses = [
        f"/{language}/places",
        f"/{language}/places/{UNIT}",
        f"/{language}/candidates/{ids['entry']}",
        f"/{language}/candidates/{ids['entry']}/certificate.pdf",
    ]
    drawn = [visitor.client.get(address).data for address in addresses]
    build(app)

    assert [visitor.client.get(address).data for address in addresses] == drawn


def test_what_a_person_or_a_query_brings_does_not_reach_the_page(
    app: Flask, visitor: Browser, sign_in: Callable[..., Browser]
) -> None:
    ids = in_one_go(app)
    address = f"/kk/candidates/{ids['entry']}"
    page = visitor.get(address)

    for browser in (sign_in("candidate"), sign_in("organiser")):
        again = browser.get(address + "?utm=1&number=2", headers={"Accept-Language": "ru"})
        assert again.html == page.html
        assert "Set-Cookie" not in again.response.headers


def test_voters_pages_set_no_cookie_and_are_kept_by_shared_caches_for_a_minute(
    app: Flask, visitor: Browser, made: Callable[[], None]
) -> None:
    ids = in_one_go(app)
    made()
    for address in ("/kk/places", f"/kk/places/{UNIT}", f"/kk/candidates/{ids['entry']}", "/kk/about/method"):
        response = visitor.client.get(address, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in response.headers
        assert "Last-Modified" not in response.headers
        assert not response.headers["ETag"].startswith("W/")
        assert response.headers["Content-Encoding"] == "gzip"


def test_the_compressed_form_was_made_beforehand(app: Flask, visitor: Browser) -> None:
    ids = in_one_go(app)
    build(app)
    file = (
        Path(app.extensions["settings"].instance) / "public" / "ru" / "candidates" / f"{ids['entry']}.html.gz"
    )

    response = visitor.client.get(f"/ru/candidates/{ids['entry']}", headers={"Accept-Encoding": "gzip"})

    assert response.data == file.read_bytes()
    assert gzip.decompress(response.data) == file.with_suffix("").read_bytes()


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_whoever_has_the_page_already_is_told_so(app: Flask, visitor: Browser, accepted: str) -> None:
    address = f"/kk/candidates/{in_one_go(app)['entry']}"
    build(app)
    first = visitor.client.get(address, headers={"Accept-Encoding": accepted})

    again = visitor.client.get(
        address, headers={"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]}
    )

    assert (again.status_code, again.data) == (304, b"")


def test_a_published_exam_shows_the_facts_that_were_chosen(
    app: Flask, visitor: Browser, made: Callable[[], None]
) -> None:
    ids = in_one_go(app)
    made()
    page = visitor.get(f"/en/candidates/{ids['entry']}")

    for fact in (
        "Outcome The pass mark was reached",
        "Score 80 / 100",
        "Pass mark 60",
        "Day of the exam 1 December 2026",
        "trial form",
        "Valid until 1 December 2028",
        "Last day on this page 16 March 2027",
        "Section functions en 80 / 100",
    ):
        assert fact in page.text, fact
    assert "noindex" not in page.html
    assert f"/en/candidates/{ids['entry']}/certificate.pdf" in page.html
    pdf = visitor.client.get(f"/en/candidates/{ids['entry']}/certificate.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_what_was_not_chosen_is_not_on_the_page(app: Flask, visitor: Browser) -> None:
    ids = in_one_go(app, parts=())
    page = visitor.get(f"/en/candidates/{ids['entry']}")

    assert "The pass mark was reached" in page.text
    for hidden in ("80 / 100", "By section", ids["number"][:4], "certificate.pdf", "Valid until"):
        assert hidden not in page.text
    assert "noindex" in page.html
    assert visitor.get(f"/en/candidates/{ids['entry']}/certificate.pdf").status == 404


def test_the_suitability_test_shows_bands_in_words_and_no_number(app: Flask, visitor: Browser) -> None:
    ids = in_one_go(app, kind="suitability")
    page = visitor.get(f"/en/candidates/{ids['entry']}")

    assert "Section analysis en Shown" in page.text
    assert "80" not in page.text
    order = [page.text.index(f"{word} ") for word in ("Suitability test", "Course No", "Exam No")]
    assert order == sorted(order)


def test_a_page_whose_last_day_is_over_is_not_sent_even_if_nothing_tidied_up(
    app: Flask, visitor: Browser, clock: FrozenClock
) -> None:
    ids = in_one_go(app)
    build(app)
    clock.now = NOON.replace(year=2027, month=3, day=16, hour=18, minute=59)
    assert "Score" in visitor.get(f"/en/candidates/{ids['entry']}").text

    clock.now += timedelta(minutes=1)

    assert (
        "There are no published results on this page." in visitor.get(f"/en/candidates/{ids['entry']}").text
    )
    assert visitor.get(f"/en/candidates/{ids['entry']}/certificate.pdf").status == 404


def test_files_of_an_older_version_of_the_site_are_not_sent(app: Flask, visitor: Browser) -> None:
    public_id = in_one_go(app)["entry"]
    build(app)
    public = Path(app.extensions["settings"].instance) / "public"
    for file in public.rglob(f"{public_id}.html*"):
        file.write_bytes(b"old")
    assert visitor.client.get(f"/kk/candidates/{public_id}", headers={"Accept-Encoding": ""}).data == b"old"

    (public / "made-by.txt").write_text("an older version")

    assert NAME in visitor.get(f"/kk/candidates/{public_id}").text


def test_the_way_down_leads_from_region_to_unit_and_names_the_villages(visitor: Browser) -> None:
    assert f"/ru/places/{REGION}" in visitor.get("/ru/places").html
    assert f"/ru/places/{DISTRICT}" in visitor.get(f"/ru/places/{REGION}").html
    assert f"/ru/places/{UNIT}" in visitor.get(f"/ru/places/{DISTRICT}").html
    unit = visitor.get(f"/ru/places/{UNIT}")
    assert "село Ульгисай" in unit.text
    assert f"/ru/places/{UNIT}" in visitor.get(f"/ru/places/{VILLAGE}").html


def test_the_search_finds_villages_by_any_spelling_and_leads_to_the_unit(visitor: Browser) -> None:
    for spelling in ("Үлгісай", "ульгисай", "Ulgisai"):
        page = visitor.get(f"/en/places?q={spelling}")
        assert "Found: 1" in page.text
        assert f'href="/en/places/{UNIT}"' in page.html
    assert "No place has such a name." in visitor.get("/en/places?q=qqqq").text


@pytest.mark.parametrize(
    "address",
    [
        "/kk/places/999999999",
        "/kk/places/x%00xxxxxxx",
        "/kk/places/..%2F..%2Fabc",
        "/kk/places/12345678",
        "/kk/candidates/2f1de3a0-6b7c-4d3e-9a53-0c5d7f0b1a11",
        "/kk/candidates/2f1de3a0-6b7c-4d3e-9a53-0c5d7f0b1a11/certificate.pdf",
        "/kk/candidates/1",
        "/kk/about/nothing",
        "/xx/places",
    ],
)
def test_unknown_addresses_are_a_plain_404(visitor: Browser, address: str) -> None:
    page = visitor.get(address)

    assert page.status in {400, 404}
    assert "Set-Cookie" not in page.response.headers


def test_a_place_may_have_lists_of_several_elections_newest_first(app: Flask, visitor: Browser) -> None:
    with app.app_context(), unit_of_work() as session:
        listed(session, OTHERS[0], day=date(2023, 11, 5))
        listed(session, NAME)
    text = visitor.get(f"/en/places/{UNIT}").text

    assert text.index("14 February 2027") < text.index("5 November 2023")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", ["help", "accessibility", "privacy", "method"])
def test_the_explanations_speak_every_language(visitor: Browser, subject: str, language: str) -> None:
    assert visitor.get(f"/{language}/about/{subject}").status == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_page_has_the_path_and_both_doors(visitor: Browser, language: str) -> None:
    page = visitor.get(f"/{language}/")

    assert page.html.count('class="step-title"') == 6
    assert f'action="/{language}/places"' in page.html
    assert f'action="/{language}/check"' in page.html


def test_somebody_signed_in_goes_on_from_the_start_page(sign_in: Callable[..., Browser]) -> None:
    page = sign_in("candidate").get("/en/")

    assert "Go on" in page.text
    assert "Begin to prepare" not in page.text


def test_the_number_of_queries_does_not_grow_with_the_candidates(app: Flask, visitor: Browser) -> None:
    counts = []
    for name in OTHERS:
        with app.app_context(), unit_of_work() as session:
            listed(session, name)
        counts.append(count_queries(app, visitor, f"/kk/places/{UNIT}"))
    assert len(set(counts)) == 1


def test_a_file_is_sent_without_asking_the_database(app: Flask, visitor: Browser) -> None:
    ids = in_one_go(app)
    build(app)
    with app.app_context():
        jobs.drain()

    for address in (f"/kk/places/{UNIT}", "/kk/places", f"/kk/candidates/{ids['entry']}"):
        assert count_queries(app, visitor, address) == 0, address
