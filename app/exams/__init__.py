"""Blueprints, papers, sittings, attempts and the journal of answers."""
