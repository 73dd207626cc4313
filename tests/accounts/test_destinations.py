import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.destinations import local_path


@pytest.mark.parametrize("path", ["/kk/", "/kk/attempts/1?page=2", "/ru/join/abc#x", "/kk/іздеу?q=ауыл"])
def test_takes_paths_of_this_site(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None, "", "kk/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)", "\\\\evil.example", " /kk/", "/kk/ x",
        "///evil.example", "/\u2028/evil", "/" + "a" * 500,
    ],
)  # fmt: skip
def test_refuses_everything_else(target: str | None) -> None:
    assert local_path(target) is None


@given(st.text(alphabet="/\\.:@?#ekil \t\r\nhtps\x00"))
def test_never_names_another_place(text: str) -> None:
    taken = local_path(text)

    assert taken is None or (taken.startswith("/") and taken[1:2] not in {"/", "\\"})
