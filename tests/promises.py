"""Reads a tree of sources and says where it breaks the promises about secrets and logs (design, section 2)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.logs import FIELDS
from tests.layout import Source, sources

REVEALS: Mapping[str, tuple[int, str]] = {
    "bot/linker/signon/api.py": (2, "PACER's JSON API: the password, and the passcode where there is one"),
    "bot/linker/signon/page.py": (2, "PACER's sign-on page: the same two"),
    "bot/linker/walk.py": (1, "the court's link form: the CM/ECF password"),
    "bot/attempts/cell/wire.py": (
        4,
        "down the pipe to the attempt's process: two passwords, a passcode, an answer",
    ),
    "bot/attempts/post.py": (1, "a passcode on its way to another replica, into the vault's seal"),
    "bot/attempts/precheck.py": (1, "the shape of a passcode, before anything is sent"),
    "bot/app.py": (4, "Slack's signing secret and tokens, into the libraries that use them"),
    "bot/settings/fields.py": (1, "the database's address, for the store alone"),
    "bot/vault/keyfile.py": (1, "the master keys, into the key ring"),
    "bot/commands/doctor/checks.py": (1, "the master keys, whose names alone are said"),
    "bot/commands/doctor/slack.py": (1, "Slack's token, to ask Slack what it may do"),
    "bot/commands/keys.py": (2, "the master keys: a new ring is made of the old one"),
    "bot/commands/workspace.py": (1, "Slack's token, to ask Slack whether it is good"),
    "handlers/slack/workspaces.py": (1, "the OAuth client secret, into the library that trades codes"),
}
"""Where a Secret's text is taken out, how often, and why: nowhere else, and no more often."""

LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "msg"})
KEYWORDS = frozenset(FIELDS) | {"exc_info"}

SAID = frozenset(
    {
        "describe(error)",  # classes and places, trouble.py
        "describe(trouble)",
        "incident",
        "view.incident",
        "letter.id",  # a random id of our own
        "answer.status",  # a number
        "_kind(body)",  # one of a closed set
        "why.value",  # one of a closed set
        "task.get_name()",  # the names that our own code gives its tasks
        "method",  # the name of a method of Slack's, from our own code
        "'an organization' if whole else 'a workspace'",
    }
)
"""All that a line of the chats may hold beside its literal words; each is ours, none is out of a payload."""

VALUES = re.compile(
    r"[\w.]+\.(incident|id|value|host|port|running|seconds|requests|mode|name|error)"  # attributes of our own values
    r"|type\((error|trouble)\)\.__name__|_code\(talk\)\.value|len\(self\._running\)|self\.(mode|port|_drain_seconds)"
    r"|(self\._)?settings\.(host|port)|incident|name|error|why|port|end\.error or lost\.name|str\(why\) or 'Nonsense'"
    r"|'[a-z_A-Z]*'( if jumped else '[a-z_]*')?"
)
"""The shapes of what a structured line's fields are given: ids, codes, counts, kinds of exceptions, own words."""

DANGEROUS = frozenset({"eval", "exec", "compile", "__import__", "breakpoint"})
FORBIDDEN_MODULES = frozenset({"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "telnetlib", "ftplib"})


def broken(root: Path) -> list[str]:
    """Return one line for every place under `root` where a promise is broken; none when all are kept."""
    return [f"{source.path}: {said}" for source in sources(root) for check in CHECKS for said in check(source)]


def _reveals(source: Source) -> Iterator[str]:
    if source.part == "sandbox" or source.path == "bot/secret.py":
        return
    found = sum(1 for node in ast.walk(source.tree) if isinstance(node, ast.Attribute) and node.attr == "reveal")
    allowed, _ = REVEALS.get(source.path, (0, ""))
    if found != allowed:
        yield f"a Secret is revealed {found} times, allowed are {allowed}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "_text" and not _is_self(node.value):
            yield f"line {node.lineno}: looks into a Secret"
        if isinstance(node, ast.Constant) and node.value in {"reveal", "_text"}:
            yield f"line {node.lineno}: names what takes a Secret's text out"
        if isinstance(node, ast.JoinedStr) and any(
            isinstance(part, ast.FormattedValue) and ast.unparse(part.value).endswith(".reveal()")
            for part in node.values
        ):
            yield f"line {node.lineno}: a Secret in a formatted text"


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _log_calls(source: Source) -> Iterator[ast.Call]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            owner = ast.unparse(node.func.value)
            if re.search(r"(^|[._])(log|logger|quiet|logging)($|[.(_])", owner) or "get_logger" in owner.lower():
                yield node


def _logs(source: Source) -> Iterator[str]:
    if source.part == "sandbox":
        return
    for call in _log_calls(source):
        where = f"line {call.lineno}"
        first, *rest = call.args or [ast.Constant(None)]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            yield f"{where}: a log line's words are literal"
        if rest and source.part != "handlers":
            yield f"{where}: values go into fields"
        for arg in rest:
            if ast.unparse(arg) not in SAID:
                yield f"{where}: {ast.unparse(arg)} is not among what may be said"
        for given in call.keywords:
            if given.arg not in KEYWORDS:
                yield f"{where}: {given.arg} is no field of the log"
            elif given.arg == "exc_info":
                continue
            elif not VALUES.fullmatch(ast.unparse(given.value)):
                yield f"{where}: {given.arg}={ast.unparse(given.value)} is not known to be harmless"


def _loggers(source: Source) -> Iterator[str]:
    """Every line of ours goes through a logger named `log`, so that the rule above sees it."""
    if source.part == "sandbox":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            made = ast.unparse(node.value.func)
            name = ast.unparse(node.targets[0])
            if made.endswith(("getLogger", "get_logger")) and name not in {"log", "quiet", "root"}:
                yield f"line {node.lineno}: a logger is called log"


def _habits(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        where = f"line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Assert):
            yield f"{where}: assert, which -O leaves out"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            yield from (f"{where}: imports {one}" for one in names if one.split(".")[0] in FORBIDDEN_MODULES)
        elif isinstance(node, ast.keyword):
            yield from (f"line {node.value.lineno}: {said}" for said in _keyword(node))
        elif isinstance(node, ast.Call):
            yield from (f"{where}: {said}" for said in _call(source, node))
        elif _unchecked(source, node):
            yield f"{where}: {ast.unparse(node)} is set"


def _unchecked(source: Source, node: ast.AST) -> bool:
    """Tell whether the checks of a certificate are changed; the pretend courts' own server may."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
        return False
    return node.attr in {"check_hostname", "verify_mode"} and source.part != "sandbox"


def _keyword(node: ast.keyword) -> Iterator[str]:
    value = ast.unparse(node.value)
    if node.arg in {"ssl", "verify_ssl", "verify", "check_hostname"} and value == "False":
        yield f"{node.arg}=False"
    if node.arg == "shell" and value != "False":
        yield "a shell"
    if node.arg == "allow_redirects" and value != "False":
        yield "a redirect that is followed unseen"


def _call(source: Source, node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    if called in DANGEROUS:
        yield f"{called}()"
    if called == "print" and source.part not in {"__main__", "sandbox"}:
        yield "print()"
    if called in {"os.system", "os.popen", "yaml.load", "tempfile.mktemp", "asyncio.create_subprocess_shell"}:
        yield f"{called}()"
    if called.endswith(("basicConfig", "format_exc", "print_exc", "print_exception", "format_exception")):
        yield f"{called}() prints what it is given"


CHECKS = (_reveals, _logs, _loggers, _habits)


def exceptions(root: Path) -> Iterator[str]:
    """Yield every exception from ruff's security rules that gives no reason beside it."""
    for source in sources(root):
        for number, line in enumerate(source.text.splitlines(), 1):
            found = re.search(r"#\s*noqa(?!:)|#\s*noqa:[^#]*\bS\d+", line)
            if found and not re.search(r"noqa: [A-Z0-9, ]+ +[-(#] *\w", line):
                yield f"{source.path}:{number}: {found[0]}"
    for line in (root / "pyproject.toml").read_text("utf-8").splitlines():
        if re.match(r'"(bot|handlers)/.*=.*"S\d', line.strip()) and "#" not in line:
            yield f"pyproject.toml: {line}"
