"""The store's databases, for the sealed records that are in them."""

from tests.store.conftest import address, empty, engine, server, store, template

__all__ = ["address", "empty", "engine", "server", "store", "template"]
