import pytest

from app.publication import lists
from app.publication.lists import BadList, Line

KATO = "103247000"


@pytest.mark.parametrize("separator", [",", ";"])
def test_reads_codes_and_names_with_a_mark_of_utf8_or_without(separator: str) -> None:
    text = f"kato{separator}name\r\n{KATO}{separator}  Үлгібаев   Ерлан\r\n\r\n"

    for content in (text.encode(), text.encode("utf-8-sig")):
        assert lists.read(content) == [Line(2, KATO, "Үлгібаев Ерлан")]


def test_every_fault_is_named_with_its_line() -> None:
    rows = ["12,Мысалова Айгүл", KATO, f"{KATO},=cmd()", f"{KATO},Үлгібаев Ерлан", f"{KATO},Бір"]
    text = "\n".join(["kato,name", f"{KATO},Үлгібаев Ерлан", *rows])

    with pytest.raises(BadList) as caught:
        lists.read(text.encode())

    assert [(fault.line, fault.message.split()[1]) for fault in caught.value.faults] == [
        (3, "code"),
        (4, "line"),
        (5, "name"),
        (6, "name"),
        (7, "name"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,kato\n",
        b"kato,name\n",
        "kato,name\n103247000,Ә Б\n".encode("cp1251", errors="replace"),
        b"\xff\xfe\x00",
        b"kato,name\n" + b"103247000,A B\n" * 5001,
        b"PK\x03\x04",
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes) -> None:
    with pytest.raises(BadList):
        lists.read(content)


@pytest.mark.parametrize("name", ["Қайырбек-Сынақ Әлі", "О'Нил Анна", "И. Б. Сынақов", "Ким Ён Су"])
def test_names_may_have_hyphens_apostrophes_and_points(name: str) -> None:
    assert lists.read(f"kato,name\n{KATO},{name}".encode())[0].name == name


def test_letters_are_composed_so_that_one_name_is_one() -> None:
    assert lists.plain_name("Йод и\u0306") == "Йод й"
