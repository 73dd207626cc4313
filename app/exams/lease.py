"""Who may write an attempt: the page that took it over last. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lease:
    """Who holds an attempt.

    Attributes:
        number: counts the pages that took it, one after the other; 0 before the first.
        since: the first number of the unbroken run of `device`.
        device: the browser of the newest page; None before the first.
    """

    number: int
    since: int
    device: str | None

    def taken(self, device: str) -> "Lease":
        """Return the lease after a newer page of `device` has taken the attempt over."""
        number = self.number + 1
        return Lease(number, self.since if device == self.device else number, device)

    def is_held(self, by: int | None) -> bool:
        """Tell whether the page with lease `by` is the newest; where nobody took one, any page is."""
        return (by or 0) == self.number

    def applies(self, typed_under: int | None, *, sent_by: int | None) -> bool:
        """Tell whether an answer typed under one lease counts when the page with another sends it.

        What the same device still held back from its earlier pages counts, as long as no other device
        came between.
        """
        return self.is_held(sent_by) and (typed_under is None or typed_under >= self.since)
