"""The only reader of the environment: what stands in it becomes Settings, or one line that says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bot.errors import WrongSetting
from bot.settings.fields import Settings, fix, names, read_field

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
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, each in zip(names(), fields(Settings), strict=True):
        text = given.get(name, "").strip()
        try:
            if text:
                values[each.name] = read_field(each, text)
        except ValueError:
            wrong.append(name)
    if not wrong:
        return Settings(**values)
    # Raised out here so that it carries no context: the reader's error may hold what was given.
    also = f" (Wrong too: {', '.join(wrong[1:])}.)" if wrong[1:] else ""
    raise WrongSetting(f"{wrong[0]} is wrong: {fix(wrong[0])}.{also}")
