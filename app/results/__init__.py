"""Scores, the pass rule, release by two people, appeals."""
