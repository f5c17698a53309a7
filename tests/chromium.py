"""Where the Chromium for the tests in a browser is, and what is said where there is none."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_CHROMIUM = "no Chromium on this machine"
HOW_TO_GET_ONE = "install one (Debian: apt install chromium), or name it in LINK_ECF_CHROMIUM"


def found_chromium() -> str:
    """Return the path of the Chromium to drive, "" where there is none."""
    named = os.environ.get("LINK_ECF_CHROMIUM", "")
    return named or next((path for name in NAMES if (path := shutil.which(name))), "")
