"""Delivery is tested on both databases, as the store itself is."""

from __future__ import annotations

from tests.store.conftest import Times, address, empty, engine, other, store, times

__all__ = ["Times", "address", "empty", "engine", "other", "store", "times"]
