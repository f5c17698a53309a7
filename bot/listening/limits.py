"""What one connection, and all of them together, may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection, and all of them, may take; times in seconds, sizes in bytes."""

    handshake_seconds: float = 5.0
    header_seconds: float = 10.0
    request_seconds: float = 60.0
    idle_seconds: float = 75.0
    lingering_seconds: float = 2.0
    header_bytes: int = 8190
    headers: int = 64
    body_bytes: int = 1_000_000
    connections: int = 1000


DEFAULT = Limits()
"""Slack waits 3 s for an answer and sends some 20 headers; load balancers keep idle connections for 60 s."""
