"""Part 3: how fast `/slack/events` acknowledges, with every listener registered, beside a server that only checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from tests.bench.ack_load import KINDS
from tests.bench.apart import Apart, apart
from tests.bench.tables import Table, Verdict

CONNECTIONS = (1, 32)
RATE_TARGET, P50_TARGET = 2_000, 0.001
SERVERS = ("bare", "bot")


@dataclass(frozen=True)
class Load:
    """One run of the load: acknowledgements a second, a CPU second of the server, and seconds of latency."""

    rate: float
    per_cpu: float
    p50: float
    p99: float
    refused: int


Runs = dict[tuple[str, str, int], list[Load]]


def measure_acks(count: int = 3_000, rounds: int = 3) -> Table:
    """Send `count` requests in each cell, both servers in turn, `rounds` times; return medians."""
    runs: Runs = {}
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(apart("tests.bench.ack_server", kind)) for kind in SERVERS}
        ports = {kind: int(server.hear()["port"]) for kind, server in servers.items()}
        sender = stack.enter_context(apart("tests.bench.ack_load"))
        for port in ports.values():
            sender.say(port=port, connections=4, count=min(count, 200), kind="command")
        for _ in range(rounds):
            for request in KINDS:
                for connections in CONNECTIONS:
                    for kind in SERVERS:
                        done = _load(servers[kind], sender, ports[kind], connections, count, request)
                        runs.setdefault((request, kind, connections), []).append(done)
    return _table(runs)


def _load(server: Apart, sender: Apart, port: int, connections: int, count: int, request: str) -> Load:
    before = server.say()["cpu"]
    sent = sender.say(port=port, connections=connections, count=count, kind=request)
    used = server.say()["cpu"] - before
    return Load(count / sent["seconds"], count / max(used, 1e-9), sent["p50"], sent["p99"], int(sent["refused"]))


def _of(runs: list[Load], what: str) -> float:
    return float(median(getattr(run, what) for run in runs))


def _table(runs: Runs) -> Table:
    rows = [
        (
            f"{'/link-ecf status' if request == 'command' else 'type-ahead of the court field'}, {kind}",
            str(connections),
            f"{_of(loads, 'rate'):.0f}",
            f"{_of(loads, 'per_cpu'):.0f}",
            f"{_of(loads, 'p50') * 1000:.2f} ms",
            f"{_of(loads, 'p99') * 1000:.2f} ms",
            f"{_of(runs[request, 'bare', connections], 'per_cpu') / _of(loads, 'per_cpu'):.1f}",
            str(sum(load.refused for load in loads)),
        )
        for (request, kind, connections), loads in runs.items()
    ]
    heads = ("request, server", "connections", "acks/s", "acks/CPU s", "p50", "p99", "CPU/bare", "refused")
    notes = (
        "  bare = aiohttp and the signature alone. The load comes from another process; where the machine has too few",
        "  free cores for both, acks/CPU s is what one core of the server's own would do.",
    )
    return Table("Acknowledging POST /slack/events", heads, rows, notes, tuple(_verdicts(runs)))


def _verdicts(runs: Runs) -> Iterator[Verdict]:
    for request in KINDS:
        few, many = (runs[request, "bot", connections] for connections in CONNECTIONS)
        rate = _of(many, "rate")
        yield Verdict(
            f"acks a second, {request}, {CONNECTIONS[1]} connections",
            f"{rate:.0f}",
            f">= {RATE_TARGET}",
            rate >= RATE_TARGET,
        )
        p50 = _of(few, "p50")
        yield Verdict(
            f"p50 of an ack, {request}, {CONNECTIONS[0]} connection",
            f"{p50 * 1000:.2f} ms",
            f"< {P50_TARGET * 1000:.0f} ms",
            p50 < P50_TARGET,
        )
