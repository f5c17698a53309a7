"""The only reader of the environment: what stands in it becomes Settings, or one line that says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.errors import WrongSetting
from bot.settings.fields import Settings, fix, names

FOR_CHILDREN = (
    *("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "PYTHONTZPATH", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START"),
)
"""What the process of an attempt may see of the environment: how to get out, and nothing of the firm's."""


def environment_for_children(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the part of `environ`, or of the process's environment, that an attempt's process is given."""
    given = os.environ if environ is None else environ
    return {name: given[name] for name in FOR_CHILDREN if name in given}


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `environ`, or the process's environment, into Settings.

    Raises WrongSetting with one line that names every wrong setting and the fix of the first.
    """
    given = os.environ if environ is None else environ
    values: dict[str, Any] = {name: text for name in names() if (text := given.get(name, "").strip())}
    wrong: tuple[str, ...]
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = tuple(dict.fromkeys(str(flaw["loc"][0]) for flaw in error.errors(include_input=False)))
    # Raised out here so that it carries no context: pydantic's error holds what was given.
    also = f" (Wrong too: {', '.join(wrong[1:])}.)" if wrong[1:] else ""
    raise WrongSetting(f"{wrong[0]} is wrong: {fix(wrong[0])}.{also}")
