"""What an incident book can hold. Pure."""

from app.core.errors import N_

LONGEST = 1000
KINDS = {
    "power": N_("No power"),
    "network": N_("No network"),
    "disturbance": N_("Disturbance"),
    "health": N_("Health"),
    "other": N_("Other"),
}
