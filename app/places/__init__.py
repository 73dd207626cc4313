"""The classifier of places (KATO) and the search in it."""
