"""Fixtures that belong to no part in particular."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

# A busy machine is no failure: what must be quick is proved by counting work, not by a clock.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture
def shared() -> Path:
    """The reference material beside the project; a test that reads it is skipped where it is not there."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference material is not beside the project")
    return folder


@pytest.fixture
def log_as_it_was() -> Iterator[None]:
    """A command sets the log up for its process; here it is put back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
