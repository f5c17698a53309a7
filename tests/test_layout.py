"""Who may import whom, one library one home, and files that can be read in one go (design, section 4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layout import LONGEST_FILE, breaches, sources


def test_the_tree_keeps_the_layout(root: Path) -> None:
    assert sum(1 for _ in sources(root)) > 20
    assert breaches(root) == []


WRONG = [
    ("bot/errors.py", "from bot.people import Person", "may not import bot.people.Person"),
    ("bot/settings.py", "import bot.courts.court", "may not import bot.courts.court"),
    ("bot/courts/x.py", "from bot.linker.values import Result", "may not import bot.linker.values.Result"),
    ("bot/courts/x.py", "from ..linker import values", "may not import bot.linker.values"),
    ("bot/linker/x.py", "from bot.vault.box import Box", "may not import bot.vault.box.Box"),
    ("bot/linker/x.py", "def f() -> None:\n    import bot.service", "may not import bot.service"),
    ("bot/attempts/x.py", "from bot.service import Service", "may not import bot.service.Service"),
    ("bot/service.py", "from bot import words", "may not import bot.words"),
    ("bot/words.py", "from bot.service import Service", "may not import bot.service.Service"),
    ("bot/words.py", "from bot.linker.walk import Walk", "may not import bot.linker.walk.Walk"),
    ("bot/service.py", "import handlers.slack.link", "may not import handlers.slack.link"),
    ("handlers/slack/x.py", "from bot.linker.walk import Walk", "may not import bot.linker.walk.Walk"),
    ("handlers/slack/x.py", "from handlers.teams import cards", "may not import handlers.teams.cards"),
    ("handlers/slack/x.py", "from bot.settings import Settings", "may not import bot.settings.Settings"),
    ("bot/app.py", "from bot.sandbox import wire", "may not import bot.sandbox.wire"),
    ("bot/sandbox/x.py", "from bot.linker.values import Step", "may not import bot.linker.values.Step"),
    ("bot/errands.py", "", "the design has no part named errands"),
    ("bot/linker/x.py", "import aiohttp", "aiohttp lives in"),
    ("bot/linker/x.py", "from bs4 import BeautifulSoup", "bs4 lives in bot/linker/document"),
    ("bot/linker/browser.py", "import lxml.html", "lxml lives in bot/linker/document"),
    ("bot/web/x.py", "from aiohttp import ClientSession", "aiohttp.ClientSession opens connections"),
    ("bot/web/x.py", "import aiohttp\naiohttp.ClientSession()", "aiohttp.ClientSession opens connections"),
    ("bot/attempts/x.py", "from cryptography.fernet import Fernet", "cryptography lives in bot/vault"),
    ("bot/reminders/plan.py", "import apscheduler", "apscheduler lives in bot/reminders/clock.py"),
    ("bot/service.py", "import sqlite3", "sqlite3 lives in bot/store"),
    ("bot/service.py", "import slack_sdk", "slack_sdk lives in"),
    ("bot/linker/document/page.py", "import selectolax", "selectolax lives in the benchmark"),
    (
        "bot/linker/x.py",
        "import os\nos.environ['A']",
        "os.environ: the environment is read in bot/settings",
    ),
    ("bot/linker/x.py", "from os import getenv", "os.getenv: the environment is read in bot/settings/environment.py"),
    ("bot/linker/x.py", "import time\ntime.monotonic()", "time.monotonic: the time is asked of the Clock"),
    ("bot/linker/x.py", "f(ssl=False)", "ssl=False: certificates are always checked"),
    ("bot/linker/x.py", "import ssl\nc.verify_mode = ssl.CERT_NONE", "ssl.CERT_NONE: certificates are always checked"),
    ("bot/linker/helpers.py", "", "a module named helpers says nothing"),
    ("bot/linker/x.py", "\n" * (LONGEST_FILE + 1), f"{LONGEST_FILE + 1} lines, more than {LONGEST_FILE}"),
    ("bot/vault/__init__.py", "", "bot/vault: a folder with 0 modules; make it a file"),
]


@pytest.mark.parametrize(("path", "text", "breach"), WRONG)
def test_a_wrong_tree_is_told(tmp_path: Path, path: str, text: str, breach: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    found = breaches(tmp_path)
    assert [line for line in found if breach in line and path.removesuffix("/__init__.py") in line], found


RIGHT = [
    ("bot/courts/x.py", "from bot.secret import Secret\nfrom bot.courts.court import Court\nfrom . import court"),
    ("bot/attempts/x.py", "from bot.linker import walk\nfrom bot.clock import Clock\nfrom bot import __version__"),
    ("bot/words.py", "from bot.attempts.form import Flaw\nfrom bot.words import form"),
    ("handlers/slack/x.py", "from bot.service import Service\nfrom bot.linker.values import Step\nimport slack_bolt"),
    ("handlers/slack/x.py", "import handlers.slack.blocks\nfrom aiohttp import ClientSession, web"),
    ("bot/app.py", "import handlers.slack\nfrom bot.vault import box\nimport slack_bolt"),
    ("bot/__main__.py", "from bot.sandbox import wire\nfrom bot.app import run"),
    ("bot/sandbox/x.py", "import aiohttp, cryptography, time\ntime.monotonic()\naiohttp.ClientSession()"),
    ("bot/settings/environment.py", "import os\nos.environ"),
]


@pytest.mark.parametrize(("path", "text"), RIGHT)
def test_a_right_tree_is_left_alone(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    assert breaches(tmp_path) == []
