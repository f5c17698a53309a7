"""Promises that can be read off the sources: who sees a secret, what a log line may hold, what is never done."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.store.columns import metadata
from tests.layout import sources
from tests.promises import REVEALS, broken, exceptions


def test_the_tree_keeps_the_promises(root: Path) -> None:
    assert broken(root) == []


def test_every_place_that_reveals_is_there_and_says_why(root: Path) -> None:
    here = {source.path for source in sources(root)}
    assert set(REVEALS) <= here
    assert all(len(reason) > 20 for _, reason in REVEALS.values())


def test_no_exception_from_the_security_rules_is_without_a_reason(root: Path) -> None:
    assert list(exceptions(root)) == []


def test_the_security_rules_are_on(root: Path) -> None:
    import tomllib

    lint = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert {"S", "T20"} <= set(lint["select"])
    assert not [rule for rule in lint["ignore"] if rule.startswith("S") and rule[1:2].isdigit()]
    wide = {"S", "S1", "S10"}
    spared = {path: set(rules) for path, rules in lint["per-file-ignores"].items() if not path.startswith("tests")}
    assert not {path for path, rules in spared.items() if rules & wide}


def test_a_login_is_taken_out_where_it_is_sent_and_masked_elsewhere(root: Path) -> None:
    """`.text` of a Login has no marker of its own; its masked form is what the store and the audit are given."""
    found = []
    for source in sources(root):
        if source.part in {"store", "register", "words", "web"}:
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Attribute) and node.attr == "text":
                    owner = ast.unparse(node.value).lower()
                    if "login" in owner or "username" in owner:
                        found.append(source.path)
    assert found == ["bot/register/entry.py"], "the one that keeps the last two characters"


WRONG = [
    ("bot/words/x.py", "a.reveal()", "revealed 1 times"),
    ("bot/linker/walk.py", "a.reveal()\nb.reveal()", "revealed 2 times"),
    ("bot/linker/x.py", "f = secret.reveal", "revealed 1 times"),
    ("bot/linker/x.py", "getattr(a, 'reveal')()", "names what takes"),
    ("bot/linker/x.py", "a.password._text", "looks into a Secret"),
    ("bot/linker/walk.py", "x = f'{a.reveal()}'", "in a formatted text"),
    ("bot/x.py", "log.info(body)", "words are literal"),
    ("bot/x.py", "log.info(f'sent {body}')", "words are literal"),
    ("bot/x.py", "log.info('sent ' + body)", "words are literal"),
    ("bot/x.py", "log.info('sent %s' % body)", "words are literal"),
    ("bot/x.py", "log.info('sent %s', body)", "values go into fields"),
    ("bot/x.py", "self._log.debug(event=body)", "words are literal"),
    ("handlers/slack/x.py", "log.warning('sent: %s', body)", "body is not among"),
    ("handlers/slack/x.py", "log.warning('sent: %s', error)", "error is not among"),
    ("bot/x.py", "log.info('sent', text=body)", "text is no field"),
    ("bot/x.py", "log.info('sent', **fields)", "None is no field"),
    ("bot/x.py", "log.info('sent', error=form.pacer_username)", "not known to be harmless"),
    ("bot/x.py", "log.info('sent', error=repr(error))", "not known to be harmless"),
    ("bot/x.py", "log.info('sent', error=str(error))", "not known to be harmless"),
    ("bot/x.py", "structlog.get_logger().info('sent', text=body)", "text is no field"),
    ("bot/x.py", "logging.warning('sent %s', body)", "values go into fields"),
    ("bot/x.py", "l = structlog.get_logger()", "a logger is called log"),
    ("bot/x.py", "assert allowed", "assert"),
    ("bot/x.py", "import pickle", "imports pickle"),
    ("bot/x.py", "from marshal import loads", "imports marshal"),
    ("bot/x.py", "get(url, ssl=False)", "ssl=False"),
    ("bot/x.py", "get(url, verify=False)", "verify=False"),
    ("bot/x.py", "context.check_hostname = False", "check_hostname is set"),
    ("bot/x.py", "get(url, allow_redirects=True)", "a redirect"),
    ("bot/x.py", "run('ls', shell=True)", "a shell"),
    ("bot/x.py", "import os\nos.system('ls')", "os.system()"),
    ("bot/x.py", "eval(text)", "eval()"),
    ("bot/x.py", "print(body)", "print()"),
    ("bot/x.py", "traceback.format_exc()", "prints what it is given"),
]


@pytest.mark.parametrize(("path", "text", "said"), WRONG)
def test_a_broken_promise_is_told(tmp_path: Path, path: str, text: str, said: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    assert [line for line in broken(tmp_path) if said in line], broken(tmp_path)


@pytest.mark.parametrize("line", ["x = 1  # noqa: S105", "x = 1  # noqa", "x = 1  # noqa: E501, S603"])
def test_an_exception_without_a_reason_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "x.py").write_text(line, "utf-8")
    (tmp_path / "pyproject.toml").write_text('"bot/y.py" = ["S603"]\n', "utf-8")
    assert len(list(exceptions(tmp_path))) == 2


def test_what_the_security_page_names_is_there(root: Path) -> None:
    """A test that shows a promise, a table that data is kept in: neither goes without the page being told."""
    text = (root / "SECURITY.md").read_text("utf-8")
    shown = set(re.findall(r"`(tests/[\w/.]+)`", text))
    assert len(shown) > 20
    assert not [path for path in shown if not (root / path).exists()]
    kept = {table.name for table in metadata.sorted_tables}
    named = set(re.findall(r"`([a-z_]+)`", text)) & kept
    of_the_bot_alone = {"answers", "slots", "court_queue", "court_pace", "chat_pace", "switches", "settled", "admins"}
    of_the_courts = {"events", "event_history", "court_facts"}
    assert kept - named - of_the_bot_alone - of_the_courts == set()
