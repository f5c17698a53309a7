"""The answers of a host in trouble: what the faults of `WHOLE_ANSWER` send in place of the page asked for."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Set
from functools import cache
from html import escape

from bot.sandbox.faults import FOREIGN_HOST, WHOLE_ANSWER, Fault
from bot.sandbox.ledger import Kind
from bot.sandbox.wire import CUT, SILENT, Ending, Reply, Visit, found, page

_BILLING = frozenset({Kind.LOGOUT, Kind.COURT_LOGOUT})
STRANGE_PAGE = page(
    "<html><head><title>Welcome</title></head><body><h1>Something else altogether</h1>"
    '<p>Nobody has seen this page before.</p><form method="post" action="/next">'
    '<input type="hidden" name="a" value="1">'
    '<input type="submit" value="Proceed"></form></body></html>'
)
"""A page that belongs to no known screen."""


def struck(faults: Set[Fault], at: Kind | None, visit: Visit) -> Fault | None:
    """Return the whole-answer fault that strikes this request, if any; a log-out is struck only when `at` names it."""
    kind = visit.asked.kind
    if kind is not at and (at is not None or kind in _BILLING):
        return None
    return next((fault for fault in sorted(faults) if fault in WHOLE_ANSWER), None)


def answer_in_trouble(fault: Fault, visit: Visit, one_line: Callable[[str], Reply]) -> Reply:
    """Return what `fault` sends; `one_line` makes the host's own page around one line.

    Raises KeyError for a fault that is not in WHOLE_ANSWER.
    """
    visit.asked.taken = False
    host = visit.asked.host
    if fault is Fault.ONE_LINE_ERROR:
        return one_line("The system met a condition that is not described.")
    if fault is Fault.REQUEST_TIMEOUT_PAGE:
        return _apache(408, "Request Time-out", "Server timeout waiting for the HTTP request from the client.", host)
    if fault is Fault.COURT_DOWN:
        return _apache(503, "Service Unavailable", "The server is temporarily unable to service your request.", host)
    if fault is Fault.SERVER_ERROR:
        return _apache(500, "Internal Server Error", "The server encountered an internal error.", host)
    if fault is Fault.PLAIN_HTTP_REDIRECT:
        return found(f"http://{host}{visit.address}")
    if fault is Fault.REDIRECT_LOOP:
        return found(f"https://{host}{visit.address}")
    return _plain(fault)


@cache
def _plain(fault: Fault) -> Reply:
    foreign = f"https://{FOREIGN_HOST}/cgi-bin/login.pl"
    makers: dict[Fault, Callable[[], Reply]] = {
        Fault.MAINTENANCE: lambda: page(
            "<html><head><title>CM/ECF</title></head><body><h2>CM/ECF is down for maintenance.</h2>"
            "<p>The system is unavailable. Please try again later.</p></body></html>"
        ),
        Fault.NO_ANSWER: lambda: SILENT,
        Fault.CUT: lambda: CUT,
        Fault.SLOW_DRIP: lambda: Reply(b"<p>wait</p>", ending=Ending.DRIP),
        Fault.ENDLESS: lambda: Reply(b"<p>more and more</p>\n" * 3000, ending=Ending.ENDLESS),
        Fault.OVERSIZED: lambda: page("<html><body>" + "<p>long page</p>\n" * 180_000 + "</body></html>"),
        Fault.TOO_MANY_TAGS: lambda: page("<html><body>" + "<i>.</i>" * 60_000 + "</body></html>"),
        Fault.GZIP_BOMB: lambda: Reply(gzip.compress(bytes(64_000_000), 9), headers=(("Content-Encoding", "gzip"),)),
        Fault.BAD_CHARSET: lambda: Reply(
            b"<html><head><title>\xff\xfe</title></head><body>\xe9\x81 \xc3\x28</body></html>",
            content_type="text/html; charset=x-court-nine",
        ),
        Fault.FOREIGN_302: lambda: found(foreign),
        Fault.FOREIGN_307: lambda: found(foreign, 307),
        Fault.FOREIGN_SCRIPT: lambda: page(f'<html><head><script>location.assign("{foreign}")</script></head></html>'),
        Fault.FOREIGN_META: lambda: page(
            f"<html><head><meta http-equiv='REFRESH' content='0;url={foreign}'></head><body></body></html>"
        ),
        Fault.UNKNOWN_PAGE: lambda: STRANGE_PAGE,
    }
    return makers[fault]()


def _apache(status: int, title: str, text: str, host: str) -> Reply:
    body = (
        f"<html><head>\n<title>{status} {title}</title>\n</head><body>\n<h1>{title}</h1>\n<p>{text}</p>\n<hr>\n"
        f"<address>Apache Server at {escape(host)} Port 443</address>\n</body></html>\n"
    )
    return page(body, status)
