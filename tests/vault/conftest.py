"""The store's databases, for the sealed records that are in them."""

from tests.store.conftest import address, empty, engine, store

__all__ = ["address", "empty", "engine", "store"]
