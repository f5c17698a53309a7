"""How often the pretend Slack may be called: no limit until a test sets one, then HTTP 429 (slack.md 1.10)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.slack_state import Json


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a second in the long run; `burst` of them may come at once."""

    per_second: float
    burst: int = 1


@dataclass(slots=True)
class Limits:
    """The rates of one app: per method in a workspace, and for messages per channel. `now` returns seconds."""

    now: Callable[[], float]
    methods: dict[str, Rate] = field(default_factory=dict)
    channel: Rate | None = None
    """For chat.postMessage in one channel; Slack's own is about one a second."""
    refused: int = 0
    """How many calls were answered 429."""
    _full: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def wait(self, method: str, where: str, args: Json) -> int:
        """Count one call; return 0 when it is within the rates, else the whole seconds to wait (Retry-After)."""
        due = []
        if (rate := self.methods.get(method)) is not None:
            due.append(((method, where, ""), rate))
        if method == "chat.postMessage" and self.channel is not None:
            due.append(((method, where, str(args.get("channel", ""))), self.channel))
        over = max((self._over(key, rate) for key, rate in due), default=0.0)
        if over > 0:
            self.refused += 1
            return math.ceil(over)
        for key, rate in due:
            self._full[key] = max(self.now(), self._full.get(key, 0.0)) + 1 / rate.per_second
        return 0

    def _over(self, key: tuple[str, str, str], rate: Rate) -> float:
        """How many seconds too early a call comes: the bucket that leaks at the rate holds `burst` calls."""
        return self._full.get(key, 0.0) - self.now() - (rate.burst - 1) / rate.per_second
