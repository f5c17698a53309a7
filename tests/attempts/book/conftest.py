"""Replicas are tested on both databases, as the store itself is."""

from __future__ import annotations

from tests.store.conftest import address, empty, engine, other, store

__all__ = ["address", "empty", "engine", "other", "store"]
