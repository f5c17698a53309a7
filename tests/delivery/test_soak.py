"""The short version of `python -m tests.delivery`: replicas killed, a database crashed, a chat that loses replies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.reminders.delivery.rates import Rates
from bot.store import upgrade
from tests.delivery.run import FAULTS, Figures, Trial, run
from tests.postgres import Server

pytestmark = pytest.mark.timeout(300)

BAD = Trial(400, kills=2, faults=FAULTS, seed=7, patience=280.0)
"""More goes wrong than in a year of a firm, in half a minute."""

POLITE = Trial(
    40,
    limits={"workspace": 5.0, "channel": 1.0},
    rates=Rates(),
    patience=240.0,
)
"""At the rates of the service, against a chat that refuses whatever is above them."""


def right(figures: Figures, trial: Trial) -> None:
    """Nothing lost, nothing doubled, and everything said to be sent."""
    assert (figures.lost, figures.doubled) == (0, 0), str(figures)
    assert figures.states == {"sent": trial.notices}


async def test_three_replicas_on_postgresql() -> None:
    """Two of three replicas are killed, PostgreSQL crashes, replies are lost: each notice arrives once."""
    trial = replace(BAD, notices=250, replicas=3, crashes=1)
    with Server(durable=True) as server:
        name = server.database()
        upgrade(server.address(name))
        figures = await run(trial, server.address(name), server)
    right(figures, trial)
    assert figures.chat["look-ups"] > 0


async def test_one_replica_on_a_file(tmp_path: Path) -> None:
    """The only replica is killed twice while replies are lost: each notice arrives once."""
    address = f"sqlite:///{tmp_path}/link-ecf.db"
    upgrade(address)
    figures = await run(BAD, address)
    right(figures, BAD)
    assert figures.chat["look-ups"] > 0


async def test_the_limits_of_the_chat_are_kept(tmp_path: Path) -> None:
    """When nothing fails, not one message is refused for coming too fast."""
    address = f"sqlite:///{tmp_path}/link-ecf.db"
    upgrade(address)
    figures = await run(POLITE, address)
    right(figures, POLITE)
    assert "429 for its limits" not in figures.chat
