"""Part 6: the whole bot under load: acknowledgements while attempts are in flight, on both databases.

The application of `link-ecf run` in one process, the chat's load in another, pretend courts and a pretend Slack in two
more. The bot keeps its own pace (four attempts in a court at once, a quarter of a second between requests), so the
attempts are spread over as many courts as it takes to have all of them on their way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bot.sandbox.slack import BOT_TOKEN, SIGNING_SECRET, TEAM
from bot.store import upgrade
from tests.bench.ack_load import KINDS
from tests.bench.apart import Apart, apart
from tests.bench.linking import BALLAST
from tests.bench.tables import Table, Verdict
from tests.postgres import Server

ENGINES = ("SQLite", "PostgreSQL")
P99_TARGET, IDLE_TARGET, EACH_TARGET = 0.100, 120.0, 25.0
SLOTS = 4


@dataclass(frozen=True)
class Flight:
    """How much is measured: attempts in flight, requests of each kind, how many a second, over how many connections."""

    many: int = 50
    requests: int = 100
    rate: float = 20.0
    connections: int = 16

    @property
    def courts(self) -> int:
        """How many courts it takes to have them all on their way."""
        return -(-self.many // SLOTS)

    @property
    def people(self) -> int:
        """How many filers one database's turn may use up."""
        return 8 * self.many + 8


@dataclass(frozen=True)
class Seen:
    """What one database's turn showed: seconds of an ack by kind, without and with attempts; seconds, counts, MB."""

    quiet: dict[str, dict[str, float]]
    busy: dict[str, dict[str, float]]
    started: float
    running: tuple[int, int]
    ended: dict[str, int]
    sent_back: int
    idle: float | None
    full: float | None


def measure_flights(flight: Flight = Flight()) -> Table:
    """Measure the bot over SQLite, then over PostgreSQL."""
    with ExitStack() as stack:
        both = str(2 * flight.people)
        pretend = stack.enter_context(apart("tests.bench.pretend", "0.05", str(BALLAST), both, str(flight.courts)))
        slack = stack.enter_context(apart("tests.bench.pretend_slack", both))
        there = pretend.hear()
        settings = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.hear()["api_url"],
            "PORT": "0",
            "LINK_ECF_CONNECT_TO": f"{there['host']}:{there['port']}",
            "LINK_ECF_CA_FILE": there["ca_file"],
        }
        seen = {}
        for place, engine in enumerate(ENGINES):
            with _database(engine) as kept:
                seen[engine] = _turn(flight, {**settings, **kept}, place * flight.people)
    return _table(seen, flight)


@contextmanager
def _database(engine: str) -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="link-ecf-bench-") as folder:
        kept = {"LINK_ECF_STATE_DIR": folder}
        if engine == "SQLite":
            yield kept
            return
        with Server(durable=True) as server:
            address = server.address(server.database())
            upgrade(address)
            yield {**kept, "DATABASE_URL": address}


def _turn(flight: Flight, settings: dict[str, str], first: int) -> Seen:
    with apart("tests.bench.replica") as replica, apart("tests.bench.ack_load") as sender:
        ready = replica.say(settings=settings, team=TEAM, courts=flight.courts, first=first)
        quiet = _acks(sender, ready["port"], flight)
        started = replica.say(do="fly", many=flight.many)["seconds"]
        before = replica.say(do="look")
        busy = _acks(sender, ready["port"], flight)
        after = replica.say(do="look")
        replica.say(do="land")
    counts = before["running"], after["running"]
    return Seen(
        quiet,
        busy,
        started,
        counts,
        after["ended"],
        after["sent_back"],
        idle=ready["memory"],
        full=after["memory"] or before["memory"],
    )


def _acks(sender: Apart, port: int, flight: Flight) -> dict[str, dict[str, float]]:
    """Send each kind of request at the same rate."""
    how = {"port": port, "connections": flight.connections, "rate": flight.rate}
    sender.say(**how, count=min(flight.requests, 10), kind="command")
    return {kind: sender.say(**how, count=flight.requests, kind=kind) for kind in KINDS}


def _table(seen: dict[str, Seen], flight: Flight) -> Table:
    rows: list[tuple[str, ...]] = []
    for kind in KINDS:
        for name, many in (("quiet", 0), ("busy", flight.many)):
            found = [getattr(one, name)[kind] for one in seen.values()]
            what = f"{'/link-ecf status' if kind == 'command' else 'type-ahead'}, {many} attempts in flight"
            rows.append((f"{what}: p50", *(f"{one['p50'] * 1000:.1f} ms" for one in found)))
            rows.append((f"{what}: p99", *(f"{one['p99'] * 1000:.1f} ms" for one in found)))
            rows.append((f"{what}: refused", *(f"{one['refused']:.0f}" for one in found)))
    each = seen.values()
    rows += [
        ("attempts started a second", *(f"{flight.many / one.started:.0f}" for one in each)),
        ("in flight before and after the load", *("{} and {}".format(*one.running) for one in each)),
        ("linked meanwhile", *(str(one.ended.get("linked", 0)) for one in each)),
        ("ended otherwise, or not begun", *(_otherwise(one) for one in each)),
        ("memory of an idle replica, all its processes (PSS)", *(_size(one.idle) for one in each)),
        (
            f"memory that each of {flight.many} attempts adds, the bot's own growth included",
            *(_size(_each(one, flight)) for one in each),
        ),
    ]
    notes = (
        f"  {flight.courts} courts at 50 ms; {flight.rate:.0f} requests a second (Slack stops at 30,000 an hour),",
        "  each counted from when it was due. `/link-ecf status` reads the store before its ack, type-ahead does not.",
        "  Started = entered in the store and on the way to the court. The bot's own pace is on.",
    )
    verdicts = tuple(one for engine, each in seen.items() for one in _verdicts(engine, each, flight))
    return Table("The whole bot, attempts in flight", ("what", *seen), rows, notes, verdicts)


def _otherwise(seen: Seen) -> str:
    others = {code: number for code, number in seen.ended.items() if code != "linked"}
    if seen.sent_back:
        others["not begun"] = seen.sent_back
    return ", ".join(f"{number} {code}" for code, number in others.items()) or "0"


def _each(seen: Seen, flight: Flight) -> float | None:
    return None if seen.full is None or seen.idle is None else (seen.full - seen.idle) / flight.many


def _size(megabytes: float | None) -> str:
    return "not shown to this user" if megabytes is None else f"{megabytes:.1f} MB"


def _verdicts(engine: str, seen: Seen, flight: Flight) -> Iterator[Verdict]:
    for kind in KINDS:
        p99 = seen.busy[kind]["p99"]
        what = f"p99 of an ack, {kind}, {flight.many} attempts in flight, {engine}"
        yield Verdict(what, f"{p99 * 1000:.1f} ms", "< 100 ms", p99 < P99_TARGET)
    if seen.idle is not None:
        what = f"memory of an idle replica, {engine}"
        yield Verdict(what, f"{seen.idle:.1f} MB", "< 120 MB", seen.idle < IDLE_TARGET)
    each = _each(seen, flight)
    if each is not None:
        yield Verdict(f"memory an attempt adds, {engine}", f"{each:.1f} MB", "< 25 MB", each < EACH_TARGET)
