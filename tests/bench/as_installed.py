"""Import this first in a process that is weighed: it then loads what a firm's installation has, and no more.

One of the tools of the tests brings `rich`, and structlog loads it wherever it is: three megabytes that no replica has.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # Python's own way to say that there is none
