"""Consent, and what voters see."""
