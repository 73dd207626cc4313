"""The candidate's profile and the legal requirements for standing, as data."""
