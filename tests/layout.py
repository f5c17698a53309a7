"""Reads a tree of sources and says where it breaks the layout of the design (section 4)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BOTTOM = frozenset({"errors", "secret", "people", "clock"})
WORKS = frozenset({"settings", "courts", "vault", "store", "linker", "attempts", "reminders", "register"})

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(BOTTOM, frozenset[str]()),
    **dict.fromkeys(("settings", "logs", "courts", "vault", "store"), BOTTOM),
    "linker": BOTTOM | {"courts"},
    "attempts": BOTTOM | {"courts", "linker", "vault", "store"},
    "reminders": BOTTOM | {"courts", "store"},
    "register": BOTTOM | {"courts", "store"},
    "listening": BOTTOM,
    "installs": BOTTOM | {"store", "vault", "register"},
    "service": BOTTOM | WORKS,
    "words": BOTTOM | {"values"},
    "web": BOTTOM | {"values", "service", "words"},
    "handlers": BOTTOM | {"values", "service", "words"},
    "sandbox": BOTTOM | {"courts"},
}
"""What each part may import besides itself; the parts that put everything together are not listed."""

TOGETHER = frozenset({"app", "front", "parts", "reminding", "__main__", "commands"})
"""The application and the command line may import everybody; only the command line starts the sandbox."""

VALUES = frozenset(
    {
        "bot.attempts.attempt",
        "bot.attempts.form",
        "bot.courts.court",
        "bot.courts.policy",
        "bot.linker.values",
        "bot.register.entry",
        "bot.reminders.broadcasts.broadcast",
        "bot.reminders.broadcasts.form",
        "bot.reminders.dates.change",
        "bot.reminders.dates.event_csv",
        "bot.reminders.dates.event_form",
        "bot.reminders.delivery.letter",
        "bot.reminders.event",
        "bot.reminders.hearer",
        "bot.reminders.moments",
        "bot.reminders.notice",
        "bot.reminders.people.admin_outcome",
        "bot.reminders.people.profiles",
        "bot.reminders.people.roster_lines",
        "bot.reminders.people.wish_form",
        "bot.reminders.people.wish_sheet",
        "bot.service.pages",
    }
)
"""Modules of frozen values, which those who talk to people may name."""

HOMES: Mapping[str, tuple[str, ...]] = {
    "aiohttp": (
        "bot/linker/browser.py",
        "bot/courts/lookup.py",
        "bot/app.py",
        "bot/listening",
        "bot/front.py",
        "bot/web",
        "handlers/slack",
    ),
    "bs4": ("bot/linker/document",),
    "jinja2": ("bot/web",),
    "lxml": ("bot/linker/document",),
    "cryptography": ("bot/vault",),
    "apscheduler": ("bot/reminders/clock.py",),
    "procrastinate": ("bot/store",),
    "sqlalchemy": ("bot/store",),
    "sqlite3": ("bot/store",),
    "aiosqlite": ("bot/store",),
    "alembic": ("bot/store",),
    "psycopg": ("bot/store",),
    "slack_bolt": ("handlers/slack", "bot/app.py"),
    "slack_sdk": ("handlers/slack", "bot/app.py"),
    "selectolax": (),
}
"""Where each library lives; the sandbox, which pretends to be others, may use any."""

CONNECTING = frozenset(f"aiohttp.{name}" for name in ("ClientSession", "TCPConnector", "UnixConnector", "request"))
CONNECTS = ("bot/linker/browser.py", "bot/courts/lookup.py", "bot/app.py", "handlers/slack")
"""Who opens connections with aiohttp: the walk and the look-up to the courts, the other two to Slack."""

BANNED = frozenset({"utils", "util", "helpers", "common", "base", "core", "manager", "misc"})
LONGEST_FILE = 300
FEWEST_MODULES = 3

ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv", "os.putenv"})
TIME = frozenset({"time.time", "time.monotonic", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"})
UNCHECKED = frozenset({"ssl.CERT_NONE", "CERT_NONE", "ssl._create_unverified_context"})


@dataclass(frozen=True)
class Source:
    """One file of the tree: its path from the root, its module's name, its text and its syntax."""

    path: str
    module: str
    text: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """The part of the design the file belongs to."""
        return part_of(self.module)


def part_of(module: str) -> str:
    """Return the part that a module of ours belongs to; "" for the package `bot` itself."""
    first, *rest = module.split(".")
    if first == "handlers":
        return "handlers"
    if not rest:
        return ""
    return "words" if rest[0] == "words" else rest[0]


def sources(root: Path) -> Iterator[Source]:
    """Yield every Python file of bot and handlers under `root`."""
    for package in ("bot", "handlers"):
        for file in sorted((root / package).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            text = file.read_text("utf-8")
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            yield Source(path, module, text, ast.parse(text))


def breaches(root: Path) -> list[str]:
    """Return one line for every place where the tree under `root` breaks the layout; none when it is sound."""
    found = [*_folders(root)]
    for source in sources(root):
        found += [f"{source.path}: {breach}" for check in CHECKS for breach in check(source)]
    return found


def imports(source: Source) -> Iterator[str]:
    """Yield the full name of everything imported, wherever in the file it is done: `from a import b` is a.b."""
    package = source.module if source.path.endswith("__init__.py") else source.module.rpartition(".")[0]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _ours(source: Source) -> Iterator[str]:
    if source.part and source.part not in MAY_IMPORT and source.part not in TOGETHER and source.module != "handlers":
        yield f"the design has no part named {source.part}"
    for name in imports(source):
        if name.split(".")[0] in {"bot", "handlers"} and not _allowed(source, name):
            yield f"may not import {name}"


def _allowed(source: Source, name: str) -> bool:
    target = part_of(name)
    if source.part in TOGETHER:
        return target != "sandbox" or source.part != "app"
    if target == "handlers" and source.part == "handlers":
        ours, theirs = source.module.split(".")[1:2], name.split(".")[1:2]
        return not ours or ours == theirs
    if target == source.part or name in {"bot", "bot.__version__"}:
        return True
    allowed = MAY_IMPORT.get(source.part, frozenset())
    if any(name == values or name.startswith(values + ".") for values in VALUES) and "values" in allowed:
        return True
    return target in allowed


def _at(path: str, homes: tuple[str, ...]) -> bool:
    return any(path == home or path.startswith((home + "/", home + ".")) for home in homes)


def _libraries(source: Source) -> Iterator[str]:
    if source.part == "sandbox":
        return
    for name in imports(source):
        library = name.split(".")[0]
        if library in HOMES and not _at(source.path, HOMES[library]):
            yield f"{library} lives in {' and '.join(HOMES[library]) or 'the benchmark'}"


def _names_used(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
    yield from imports(source)


def _habits(source: Source) -> Iterator[str]:
    pretend = source.part == "sandbox"
    for name in _names_used(source):
        if name in ENVIRONMENT and source.path != "bot/settings/environment.py":
            yield f"{name}: the environment is read in bot/settings/environment.py"
        if name in TIME and source.path != "bot/clock.py" and not pretend:
            yield f"{name}: the time is asked of the Clock that is passed in"
        if name in UNCHECKED:
            yield f"{name}: certificates are always checked"
        if name in CONNECTING and not _at(source.path, CONNECTS) and not pretend:
            yield f"{name} opens connections"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg in {"ssl", "verify_ssl"} and ast.unparse(node.value) == "False":
            yield f"{node.arg}=False: certificates are always checked"


def _size(source: Source) -> Iterator[str]:
    if (lines := source.text.count("\n")) > LONGEST_FILE:
        yield f"{lines} lines, more than {LONGEST_FILE}"
    if banned := BANNED.intersection(source.module.split(".")):
        yield f"a module named {min(banned)} says nothing"


CHECKS = (_ours, _libraries, _habits, _size)


def _folders(root: Path) -> Iterator[str]:
    for package in ("bot", "handlers"):
        for init in sorted((root / package).rglob("__init__.py")):
            folder = init.parent.relative_to(root).as_posix()
            modules = [each for each in init.parent.glob("*.py") if each.name != "__init__.py"]
            if folder != "handlers" and len(modules) < FEWEST_MODULES:
                yield f"{folder}: a folder with {len(modules)} modules; make it a file"
