"""Names of what items are sorted by, as keys of the catalogues. Pure."""

from app.core.errors import N_

TYPES = {
    "single_choice": N_("One answer"),
    "multiple_choice": N_("Several answers"),
    "numeric": N_("A number"),
    "ordering": N_("An order"),
    "matching": N_("Pairs"),
    "situational_judgement": N_("Situation"),
    "short_text": N_("Short text"),
    "essay": N_("Written case"),
}
LEVELS = {"recall": N_("Know"), "apply": N_("Apply"), "judge": N_("Judge")}
DIFFICULTIES = {"easy": N_("Easy"), "medium": N_("Medium"), "hard": N_("Hard")}
USES = {"exam": N_("Exam"), "suitability": N_("Suitability test"), "practice": N_("Practice")}
