"""The same request twice: known at once by this process, and by the store for what another replica took.

The look in memory costs nothing and catches a double delivery to the same process. The look in the store catches one
at another replica, or after a restart; the acknowledgement waits for it no longer than a moment. When the store does
not answer by then, a form is not taken (closed): a form carries passwords, a refused one must not be signed on with
again, and Slack keeps what was typed. Everything else goes on (open): what a button changes is decided in the store by
one conditional statement that a repeat cannot win twice, and a person whose database is slow must still be told so.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Protocol

from bot.clock import Clock
from bot.words.edge import NOT_TAKEN
from handlers.slack.trouble import describe

log = logging.getLogger(__name__)

WINDOW = 300
"""Seconds that a signed request may be old or early (Slack's own figure)."""
VALID = 2.0 * WINDOW
"""Seconds that a request can come again in: it may be signed five minutes ahead of our clock."""
REMEMBERED = 20_000
"""Signatures that are remembered in memory; beyond it the oldest is forgotten first."""
PATIENCE = 0.5
"""Seconds that an acknowledgement waits for the store; Slack waits three in all."""
MOST_LOOKS = 100
"""Looks that may be under way at once; a store that is so far behind is not asked more."""

READ_ONLY = frozenset({"block_suggestion", "url_verification"})
"""Payloads that change nothing: typing a letter twice within a second sends the same bytes, and is no replay."""
ACTING = frozenset({"cancel", "watch", "remind", "status"})
"""The words of `/link-ecf` that change something, or whose answer tells of a person and goes to whoever asks.

The others say what everybody may know, or open a form by a trigger good for one.
"""


class Shared(Protocol):
    """The memory that replicas share."""

    async def first_time(self, key: str, valid: float) -> bool:
        """Remember `key` for `valid` seconds; False when it was seen before. Raises what a store raises."""
        ...


class Seen(Enum):
    """What is known of a request."""

    FIRST = auto()
    REPEATED = auto()
    UNKNOWN = auto()


def acts(body: Mapping[str, Any]) -> bool:
    """Tell whether a payload may change or disclose something, beside what a single-use trigger of Slack's opens."""
    if str(body.get("type")) in READ_ONLY:
        return False
    if body.get("command") != "/link-ecf":
        return True
    first, *_ = [*str(body.get("text", "")).casefold().split(), ""]
    return first in ACTING


def not_taken(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the answer to a form that was not taken, with which what was typed stays: words beside its first field.

    None for a form without a field.
    """
    view = body.get("view")
    blocks = view.get("blocks") if isinstance(view, Mapping) else None
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping) and block.get("type") == "input" and "block_id" in block:
            return {"response_action": "errors", "errors": {str(block["block_id"]): NOT_TAKEN}}
    return None


class Replays:
    """The signatures, or ids, of the last minutes, in memory, bounded."""

    def __init__(self, clock: Clock, size: int = REMEMBERED) -> None:
        self._clock = clock
        self._size = size
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def repeated(self, name: str) -> bool:
        """Tell whether this signature or id came before; it is remembered from its first moment on."""
        now = self._clock.monotonic()
        while self._seen and next(iter(self._seen.values())) <= now - VALID:
            self._seen.popitem(last=False)
        key = hashlib.sha256(name.encode()).digest()
        if key in self._seen:
            return True
        self._seen[key] = now
        if len(self._seen) > self._size:
            self._seen.popitem(last=False)
        return False


class Repeats:
    """Both looks, in their order; `kind` says what is looked for: signatures ("slack") or envelopes of Socket Mode."""

    def __init__(
        self, clock: Clock, shared: Shared | None = None, patience: float = PATIENCE, kind: str = "slack"
    ) -> None:
        self._kind = kind
        self._here = Replays(clock)
        self._shared = shared
        self._patience = patience
        self._looking: set[asyncio.Task[bool]] = set()

    async def seen(self, name: str, body: Mapping[str, Any]) -> Seen:
        """Tell what is known of a request that is Slack's, by its signature or id, and remember it; in `patience` s."""
        if str(body.get("type")) in READ_ONLY:
            return Seen.FIRST
        if self._here.repeated(name):
            return Seen.REPEATED
        if self._shared is None or not acts(body):
            return Seen.FIRST
        return await self._elsewhere(self._shared, name)

    async def _elsewhere(self, shared: Shared, name: str) -> Seen:
        if len(self._looking) >= MOST_LOOKS:
            return Seen.UNKNOWN
        look = asyncio.ensure_future(shared.first_time(f"{self._kind} {name}", VALID))
        self._looking.add(look)
        look.add_done_callback(self._looked)
        # It is not cut off when it takes long: once it is kept, the other replicas know of the request all the same.
        await asyncio.wait({look}, timeout=self._patience)
        if not look.done() or look.cancelled() or look.exception() is not None:
            log.warning("the shared memory of requests did not answer in time")
            return Seen.UNKNOWN
        return Seen.FIRST if look.result() else Seen.REPEATED

    def _looked(self, look: asyncio.Task[bool]) -> None:
        self._looking.discard(look)
        if not look.cancelled() and (error := look.exception()) is not None:
            log.warning("a request was not noted for the other replicas: %s", describe(error))
