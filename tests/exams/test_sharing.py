"""Keys split among people."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.sharing import Mistyped, Share, code, join, read, share_hash, split

SECRETS = st.binary(min_size=1, max_size=32)


def zeros(count: int) -> bytes:
    return bytes(count)


def test_a_split_worked_out_by_hand() -> None:
    # One byte 0x05 with the chance 0x03: the line 5 + 3x; 3 times 2 is 6, 3 times 3 is 5 in the field of AES.
    shares = split(b"\x05", needed=2, shares=3, chance=lambda count: b"\x03" * count)

    assert [share.values for share in shares] == [b"\x06", b"\x03", b"\x00"]
    assert [share.number for share in shares] == [1, 2, 3]


def test_the_field_is_that_of_aes() -> None:
    # FIPS 197, section 4.2: {57} times {83} is {c1}. The line 0x83 x at 0x57, through zero.
    shares = split(b"\x00", needed=2, shares=0x57, chance=lambda count: b"\x83" * count)

    assert shares[0x57 - 1].values == b"\xc1"


@given(SECRETS, st.integers(1, 4), st.integers(0, 2))
def test_any_shares_that_are_enough_give_the_secret(secret: bytes, needed: int, more: int) -> None:
    shares = split(secret, needed=needed, shares=needed + more)

    for some in combinations(shares, needed):
        assert join(some) == secret
        assert join(reversed(some)) == secret
    assert join(shares) == secret


@given(st.binary(min_size=16, max_size=32), st.integers(2, 4))
def test_one_share_too_few_gives_something_else(secret: bytes, needed: int) -> None:
    shares = split(secret, needed=needed, shares=needed + 1)

    assert all(join(some) != secret for some in combinations(shares, needed - 1))


def first_share(secret: bytes, chance: int) -> bytes:
    return split(secret, needed=2, shares=2, chance=lambda _: bytes([chance]))[0].values


@pytest.mark.parametrize("secret", [b"\x00", b"\x2a", b"\xff"])
def test_one_share_too_few_says_nothing(secret: bytes) -> None:
    # Whatever the secret is, the first share takes every value exactly once as the chance takes all of its.
    assert len({first_share(secret, chance) for chance in range(256)}) == 256


@given(st.binary(min_size=16, max_size=32), st.integers(0, 31), st.integers(1, 255))
def test_a_wrong_share_gives_something_else(secret: bytes, place: int, change: int) -> None:
    one, other, _ = split(secret, needed=2, shares=3)
    values = bytearray(one.values)
    values[place % len(values)] ^= change

    assert join([Share(one.number, bytes(values)), other]) != secret


@pytest.mark.parametrize(("needed", "shares"), [(0, 3), (4, 3), (2, 256)])
def test_splits_that_cannot_be_are_refused(needed: int, shares: int) -> None:
    with pytest.raises(ValueError, match=f"{needed} of {shares}"):
        split(b"key", needed=needed, shares=shares, chance=zeros)


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [Share(1, b"a"), Share(1, b"b")],
        [Share(1, b"a"), Share(1, b"a")],
        [Share(1, b"a"), Share(2, b"ab")],
    ],
)
def test_shares_that_do_not_go_together_are_refused(shares: list[Share]) -> None:
    with pytest.raises(ValueError, match="different numbers and one length"):
        join(shares)


@given(st.integers(1, 255), st.binary(min_size=1, max_size=32))
def test_a_share_is_read_as_it_was_written(number: int, values: bytes) -> None:
    share = Share(number, values)

    assert read(code(share)) == share
    assert read(code(share).lower().replace(" ", "-")) == share
    assert read(code(share).translate(str.maketrans("OIB", "018"))) == share


def test_a_share_of_a_key_stands_in_twelve_groups_of_five() -> None:
    assert [len(group) for group in code(Share(1, bytes(32))).split(" ")] == [5] * 12


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 58),
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
)
def test_one_wrong_letter_is_noticed(values: bytes, place: int, letter: str) -> None:
    written = code(Share(1, values)).replace(" ", "")
    typed = written[:place] + letter + written[place + 1 :]

    if typed == written:
        assert read(typed).values == values
    else:
        with pytest.raises(Mistyped):
            read(typed)


@pytest.mark.parametrize("text", ["", "A", "қазақша", "AAAAA AAAAA", "2" * 60, "?" * 60])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(Mistyped):
        read(text)


def test_the_hash_tells_shares_apart() -> None:
    hashes = {share_hash(share) for share in (Share(1, b"a"), Share(2, b"a"), Share(1, b"b"))}

    assert len(hashes) == 3
