"""Certificates: what the paper says, how it is drawn, and how anyone checks it."""
