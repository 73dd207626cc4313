import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.credentials import (
    BadEmail,
    BadName,
    OddEmail,
    WeakPassword,
    WrongLength,
    canonical_email,
    canonical_name,
    canonical_password,
    ensure_good_password,
    new_token,
    token_hash,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Aigul@Mail.Example", "aigul@mail.example"),
        ("  aigul@mail.example\n", "aigul@mail.example"),
        ("ai\u200bgul@mail.example", "aigul@mail.example"),
        ("ａｉｇｕｌ@mail.example", "aigul@mail.example"),
        ("айгүл@пошта.қаз", "айгүл@пошта.қаз"),
        ("айгүл@mail.example", "айгүл@mail.example"),
        ("a.b+c@sub.mail.example", "a.b+c@sub.mail.example"),
    ],
)
def test_addresses_have_one_form(typed: str, kept: str) -> None:
    assert canonical_email(typed) == kept


def test_says_when_the_at_sign_is_missing() -> None:
    with pytest.raises(BadEmail) as refusal:
        canonical_email("aigul.mail.example")

    assert refusal.type is BadEmail


@pytest.mark.parametrize(
    "typed",
    [
        "@mail.example", "a@", "a@b", "a@b@c.example", "a@mail..example", "a@mail.example.",
        "a,b@mail.example",
        "<a@mail.example>", '"a"@mail.example', "a;b@mail.example", "аdmin@mail.example", "a@mаil.example",
        "a" * 250 + "@mail.example",
    ],
)  # fmt: skip
def test_refuses_what_no_letter_reaches_or_looks_like_another(typed: str) -> None:
    with pytest.raises(OddEmail):
        canonical_email(typed)


@given(st.text() | st.emails())
def test_the_canonical_form_is_its_own_canonical_form(typed: str) -> None:
    try:
        kept = canonical_email(typed)
    except BadEmail:
        return
    assert canonical_email(kept) == kept
    assert canonical_email(f" {kept.upper()} ") == kept or kept.upper().casefold() != kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Мысалова   Айгүл ", "Мысалова Айгүл"),
        ("Ó'Brien-Жақып", "Ó'Brien-Жақып"),
        (unicodedata.normalize("NFD", "Йөк"), "Йөк"),
        ("Әл", "Әл"),
        ("Ә" * 120, "Ә" * 120),
    ],
)
def test_names_have_single_spaces_and_whole_letters(typed: str, kept: str) -> None:
    assert canonical_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "Ә", "Ә-", "Айгүл 2", "http://x.example", "Айгүл<b>", "李明", "Айгүл\u202e", "Ә" * 121],
)
def test_refuses_names_that_no_certificate_can_bear(typed: str) -> None:
    with pytest.raises(BadName):
        canonical_name(typed)


@pytest.mark.parametrize("length", [14, 201])
def test_refuses_passwords_of_a_wrong_length(length: int) -> None:
    with pytest.raises(WrongLength):
        ensure_good_password(("three calm horses " * 20)[:length])


@pytest.mark.parametrize("length", [15, 64, 200])
def test_takes_passwords_of_every_length_between(length: int) -> None:
    ensure_good_password(("үш жуас ат пен бір ұшқыр бүркіт таудан асып, көлге қонды" * 4)[:length])


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "password1234567", "Password!2026!!!", "123456789012345", "qwertyuiopasdfg",
        "qwerty12345qwerty",
        "Қазақстан2030!!", "әкім мектебі 2026", "akim-school-2026-kz", "нұрсұлтан-астана-1",
        "йцукенгшщзхъфыв",
        "aaaabbbbccccdddd", "horsehorsehorse", "................", "aigul.mysalova1",
    ],
)  # fmt: skip
def test_refuses_passwords_that_are_tried_first(password: str) -> None:
    with pytest.raises(WeakPassword):
        ensure_good_password(password, email="aigul.mysalova@mail.example")


def test_asks_for_no_kinds_of_characters() -> None:
    ensure_good_password("three calm horses")
    ensure_good_password("үш жуас ат пен тау", email="horses@mail.example")


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    assert canonical_password(unicodedata.normalize("NFD", "йөйө")) == "йөйө"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
    assert len(token_hash("a")) == 64
