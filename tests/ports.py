"""Ports for servers whose address has to be known before they start."""

from __future__ import annotations

import random
import socket
from contextlib import suppress


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now, and that no client is given before it is used.

    Clients get theirs from 32768 on, and a server that crashes and starts again has to find its port free.
    """
    while True:
        port = random.randrange(10_000, 20_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
