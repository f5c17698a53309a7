"""What is kept of courts is tested on both databases, as the store itself is."""

from __future__ import annotations

from tests.store.conftest import address, empty, engine, other, server, store, template

__all__ = ["address", "empty", "engine", "other", "server", "store", "template"]
