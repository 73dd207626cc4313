"""What can be done with results: work them out, release them by two people, read them, appeal, amend."""

from app.results.service.appealing import (
    AlreadyAppealed,
    NothingCorrected,
    appeal_on,
    confirm_amendment,
    decline,
    file_appeal,
    uphold,
)
from app.results.service.cases import AppealRow, Case, appeal_case, appeals
from app.results.service.computing import ResultStands, compute, take_back
from app.results.service.reading import Mine, ResultPage, mine, own_result, page_of, released, scores_of
from app.results.service.releasing import (
    PAGE,
    AlreadyProposed,
    NothingToRelease,
    SittingRow,
    batch_of,
    confirm,
    propose,
    sittings,
)

__all__ = [
    "PAGE",
    "AlreadyAppealed",
    "AlreadyProposed",
    "AppealRow",
    "Case",
    "Mine",
    "NothingCorrected",
    "NothingToRelease",
    "ResultPage",
    "ResultStands",
    "SittingRow",
    "appeal_case",
    "appeal_on",
    "appeals",
    "batch_of",
    "compute",
    "confirm",
    "confirm_amendment",
    "decline",
    "file_appeal",
    "mine",
    "own_result",
    "page_of",
    "propose",
    "released",
    "scores_of",
    "sittings",
    "take_back",
    "uphold",
]
