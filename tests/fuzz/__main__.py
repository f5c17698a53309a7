"""`python -m tests.fuzz --seconds N`: both fuzzers in turn until the time is up; what breaks a reader is kept.

A find is made as small as can be, written into the corpus beside this file, and read again by every later test run.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import sys
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.readers import edge, read_page
from tests.fuzz.strategies import CORPUS, bodies, pages

ROUND = 500
"""Inputs between two looks at the clock."""
STUCK = 120.0
"""Seconds that a round may take; one that takes longer has hung, and the place is printed."""


def run(seconds: float) -> int:
    """Feed both readers for about `seconds`; returns how many of them broke."""
    until, rounds, broken = time.monotonic() + seconds, 0, set[str]()
    with edge() as slack:
        targets: dict[str, tuple[Any, Callable[[Any], None]]] = {
            "html": (pages(), read_page),
            "slack": (bodies(), lambda sent: slack.take(*sent)),
        }
        while time.monotonic() < until and len(broken) < len(targets):
            for name, (strategy, target) in targets.items():
                if name not in broken and (why := one_round(strategy, target, rounds, name)):
                    broken.add(name)
                    print(f"{name}: {why}", file=sys.stderr)
            rounds += 1
    print(f"{rounds * ROUND} pages and as many payloads read; {len(broken)} readers broken")
    return len(broken)


def one_round(strategy: Any, target: Callable[[Any], None], number: int, name: str) -> str:
    """Feed one reader once; returns why it broke, "" when it did not."""
    last: list[Any] = []
    plain = settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )

    @seed(number)
    @plain
    @given(strategy)
    def feed(given: Any) -> None:
        last[:] = [given]
        target(given)

    faulthandler.dump_traceback_later(STUCK, exit=True)
    try:
        feed()
    except Exception as error:
        found = last[0][0] if isinstance(last[0], tuple) else last[0]
        file = CORPUS / name / f"{hashlib.sha256(found).hexdigest()[:12]}.find"
        file.write_bytes(found)
        return f"{type(error).__name__} with {file}"
    finally:
        faulthandler.cancel_dump_traceback_later()
    return ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long, about")
    sys.exit(1 if run(parser.parse_args().seconds) else 0)
