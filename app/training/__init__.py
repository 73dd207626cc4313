"""Courses, modules, lessons, quick checks, progress, teams."""
