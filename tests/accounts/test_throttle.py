import pytest

from app.accounts.throttle import source_of


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("nowhere", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_household_is_one_source(address: str | None, source: str) -> None:
    assert source_of(address) == source
