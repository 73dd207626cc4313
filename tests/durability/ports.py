"""Ports for servers that die and come back."""

import random
import socket

OUR_PORTS = range(21_000, 31_000)
"""Below those that outgoing connections take: a client that tries a dead server's port must never sit on it itself."""


def quiet_port() -> int:
    """Return a port that nobody listens on, and that no outgoing connection will take."""
    for port in random.sample(OUR_PORTS, len(OUR_PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = "no port is free"
    raise AssertionError(message)
