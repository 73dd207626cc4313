import pytest

from app.accounts.devices import MOST_PEOPLE, device_name, known_as, remember

SECRET = "a secret of tests"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 9; SM-A105F) Chrome/96.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 8) SamsungBrowser/7.4 Chrome/59.0", "Samsung Internet, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_names_browser_and_system(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_a_device_is_known_only_for_accounts_that_came_in_with_it() -> None:
    cookie = remember("", "aigul", secret=SECRET)

    assert known_as(cookie, "aigul", secret=SECRET)
    assert not known_as(cookie, "dauren", secret=SECRET)
    assert not known_as("", "aigul", secret=SECRET)


def test_a_device_keeps_its_id_for_all_its_people() -> None:
    cookie = remember(remember("", "aigul", secret=SECRET), "dauren", secret=SECRET)

    assert known_as(cookie, "aigul", secret=SECRET) == known_as(cookie, "dauren", secret=SECRET)


@pytest.mark.parametrize("forged", ["x", "a.b.c", "W10.abc", "\x00"])
def test_a_forged_cookie_is_nothing(forged: str) -> None:
    assert not known_as(forged, "aigul", secret=SECRET)
    assert not known_as(remember("", "aigul", secret="another secret"), "aigul", secret=SECRET)


def test_forgets_the_oldest_of_many_people() -> None:
    cookie = ""
    for number in range(MOST_PEOPLE + 1):
        cookie = remember(cookie, f"person-{number}", secret=SECRET)

    assert not known_as(cookie, "person-0", secret=SECRET)
    assert known_as(cookie, "person-1", secret=SECRET)
