"""How many files and connections the process may have open: raised at the start, and never all given to visitors.

Systems allow 1024 by default, few enough for visitors to use them up; then neither the database nor an attempt's
process could be reached any more. Where there is no such limit (Windows) nothing is done here.
"""

from __future__ import annotations

import sys
from contextlib import suppress

if sys.platform != "win32":
    import resource

ENOUGH = 8192
"""More than the connections that are let in; closing what a child must not keep stays quick."""
KEPT_BACK = 256
"""For the database, Slack, and two pipes for each of the attempts that run at once."""


def raise_limit(enough: int = ENOUGH) -> None:
    """Allow this process, as far as its hard limit goes, `enough` open files; never lowers what it has."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = enough if hard == resource.RLIM_INFINITY else min(enough, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            with suppress(OSError, ValueError):  # some systems allow less than they say
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def connections_of(wanted: int) -> int:
    """Return how many of the `wanted` connections may be open at once, so that enough is left for everything else."""
    if sys.platform != "win32":
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if soft != resource.RLIM_INFINITY:
            return min(wanted, max(soft - KEPT_BACK, soft // 2))
    return wanted
