"""No credential at rest (design, promise 1): everything that the running system wrote, searched for unique secrets.

`link-ecf run` is a process of its own at log level debug, over SQLite and, as two replicas, over PostgreSQL. Both
guides are walked, a CM/ECF password is refused, a passcode is answered through another replica, a replica is killed in
the middle of an attempt, requests are refused. Then everything is read: stdout, stderr, the state folder, temporary
files, what a crash leaves, every table, PostgreSQL's own files and its log of every statement with its values, every
call to Slack, and, while they live, the command lines and environments of the processes behind the service.
"""

from __future__ import annotations

import base64
import json
import secrets
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.errors import Code
from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from bot.sandbox.scenes import Scene, guide_almb, guide_gasb, wrong_cmecf_password
from bot.sandbox.slack import PretendSlack
from bot.sandbox.slack_hands import CHANNEL
from bot.words.endings import ENDINGS
from tests.postgres import Server
from tests.story.attempts import COURTS
from tests.story.needles import SPELLINGS, found, found_in_files
from tests.story.service import Attorney, Running, command, running

pytestmark = pytest.mark.timeout(300)

VERIFY = "Are both accounts yours?"


def token() -> str:
    """Sixteen letters and digits that stand nowhere else."""
    return secrets.token_hex(8)


@dataclass
class Canaries:
    """Every secret of one run by its name: those that may be written nowhere, and the names of accounts by person."""

    secrets: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def secret(self, name: str, before: str = "", after: str = "") -> str:
        """Make a secret with a canary in it, among characters that forms, JSON and HTML have to take care of."""
        canary = token()
        self.secrets[name] = canary.encode()
        return f"{before}{canary}{after}"

    def scene(self, user: str, like: Scene, *, passcode: bool = False) -> Scene:
        """The scene with canaries for all that its person types."""
        names = {"PACER user name": f"u{token()}", "CM/ECF login": f"l{token()}"}
        self.names[user] = {name: text.encode() for name, text in names.items()}
        return replace(
            like,
            pacer_username=names["PACER user name"],
            pacer_password=self.secret(f"{user}: PACER password", "P+", "&1 %é"),
            cmecf_login=names["CM/ECF login"],
            cmecf_password=self.secret(f"{user}: CM/ECF password", 'E"', "<2 é'"),
            passcode=self.secret(f"{user}: passcode") if passcode else None,
        )

    @property
    def everything(self) -> dict[str, bytes]:
        """All of them, names of accounts too."""
        named = {f"{user}: {name}": text for user, names in self.names.items() for name, text in names.items()}
        return self.secrets | named


@dataclass
class Firm:
    """One firm's installation: its replicas, its Slack, the courts, and what must not be written."""

    sandbox: Sandbox
    slack: PretendSlack
    canaries: Canaries
    replicas: list[Running]
    folder: Path
    attorneys: list[Attorney] = field(default_factory=list)

    def attorney(self, user: str, like: Scene, *, passcode: bool = False, wrong: bool = False) -> Attorney:
        """Let a person join whom PACER and the court know; `wrong` has them mistype the CM/ECF password."""
        scene = self.canaries.scene(user, like, passcode=passcode)
        self.slack.join(user)
        self.sandbox.add_account(
            PretendAccount(scene.pacer_username, scene.pacer_password, passcode=scene.passcode, files_elsewhere=True)
        )
        known = "another password" if wrong else scene.cmecf_password
        filer = PretendFiler(scene.cmecf_login, known, user_id=180000 + len(self.attorneys))
        self.sandbox.add_filer(scene.court_id, filer)
        self.attorneys.append(Attorney(self.slack, user, scene))
        return self.attorneys[-1]

    def calls_with_a_name(self) -> Iterator[str]:
        """Yield every call to Slack that shows the name of an account elsewhere than in the person's own question."""
        for call in self.slack.calls:
            said = json.dumps([call.args, call.answer])
            for user, names in self.canaries.names.items():
                own = {one.channel for one in self.slack.direct(user)}
                question = call.method in {"chat.postMessage", "chat.update"} and VERIFY in said
                if not (question and call.args.get("channel") in own):
                    yield from (f"{call.method}: {user}: {what}" for what in found(said.encode(), names))

    def written_in_slack(self) -> bytes:
        """Everything that Slack was ever told or answered, and shows."""
        shown = [[one.text, one.blocks, one.before] for one in self.slack.api.messages]
        answered = [one.answered for one in self.attorneys]
        calls = [[call.method, call.args, call.answer] for call in self.slack.calls]
        return json.dumps([shown, answered, calls], default=str).encode()


def family(pid: int) -> list[int]:
    """The processes below `pid`, all generations."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
        except OSError:  # gone meanwhile
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    below = parents.get(pid, [])
    return below + [one for child in below for one in family(child)]


def look_at_processes(service: Running, canaries: Canaries, *, attempts: int) -> None:
    """Nothing on a command line; nothing in the environment below the service; no core dump of any of them."""
    below = family(service.pid)
    assert len(below) == 1 + attempts  # the fork server, and an attempt each
    for pid in (service.pid, *below):
        place = Path("/proc", str(pid))
        assert list(found((place / "cmdline").read_bytes(), canaries.everything)) == []
        core = next(line for line in (place / "limits").read_text().splitlines() if line.startswith("Max core"))
        assert core.split()[4:6] == ["0", "0"]
    for pid in below:
        try:
            given = Path("/proc", str(pid), "environ").read_bytes()
        except PermissionError:  # an attempt's process shows its memory to nobody but root
            continue
        assert list(found(given, canaries.everything)) == []


@asynccontextmanager
async def firm(folder: Path, addresses: Sequence[str], keys: str | None, canaries: Canaries) -> AsyncIterator[Firm]:
    """A firm with a replica for each address of its database (none: SQLite in the state folder)."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(
            Sandbox([c for name in ("gasb", "almb") if (c := COURTS.by_id(name))])
        )
        token_of_bot, signing = canaries.secret("Slack bot token", "xoxb-"), canaries.secret("Slack signing secret")
        slack = await stack.enter_async_context(PretendSlack(bot_token=token_of_bot, signing_secret=signing))
        settings = {
            "SLACK_BOT_TOKEN": token_of_bot,
            "SLACK_SIGNING_SECRET": signing,
            "SLACK_API_URL": slack.api_url,
            "LINK_ECF_CONNECT_TO": sandbox.connect_to,
            "LINK_ECF_CA_FILE": str(sandbox.ca_file),
            "LINK_ECF_CONTACT": "Firm LLP",
            **({"LINK_ECF_KEYS": keys} if keys else {}),
        }
        replicas = [
            await stack.enter_async_context(
                running(folder / f"replica-{number}", settings | ({"DATABASE_URL": address} if address else {}))
            )
            for number, address in enumerate(addresses)
        ]
        yield Firm(sandbox, slack, canaries, replicas, folder)


async def live_through_it(firm: Firm) -> None:
    """Both guides, a refusal, an answer elsewhere, a kill, refused requests."""
    one, other = firm.replicas[0], firm.replicas[-1]
    gasb = firm.attorney("U0GASB", guide_gasb(firm.sandbox), passcode=True)
    gasb.through(one)
    await gasb.send(await gasb.form())
    await gasb.asked("Enter the passcode")
    look_at_processes(one, firm.canaries, attempts=1)
    gasb.through(other)
    await gasb.passcode()
    gasb.through(one)
    await gasb.link()
    await gasb.told("Your accounts are linked")

    almb = firm.attorney("U0ALMB", guide_almb(firm.sandbox))
    almb.through(other)
    await almb.send(await almb.form())
    await almb.asked("These are mine - link them")
    look_at_processes(other, firm.canaries, attempts=1)
    await almb.link()
    await almb.told("Your accounts are linked")

    wrong = firm.attorney("U0WRONG", wrong_cmecf_password(firm.sandbox), wrong=True)
    await wrong.send(await wrong.form())
    await wrong.told(ENDINGS[Code.ECF_REFUSED].title)

    await be_killed(firm)
    await be_refused(firm)


async def be_killed(firm: Firm) -> None:
    """The first replica is killed while a person reads the question; another one, or its next start, tells them."""
    one, other = firm.replicas[0], firm.replicas[-1]
    killed = firm.attorney("U0KILLED", guide_almb(firm.sandbox))
    killed.through(one)
    await killed.send(await killed.form())
    await killed.asked("These are mine - link them")
    await one.end(signal.SIGKILL)
    if one is other:
        await one.start()
    await killed.told(ENDINGS[Code.INTERRUPTED].title)
    killed.through(other)
    assert firm.sandbox.ledger.final_submits == 2  # of the two who were linked


async def be_refused(firm: Firm) -> None:
    """A form with a wrong signature, and one that is signed but is no JSON: neither is quoted anywhere."""
    typed = " ".join(text.decode("latin-1") for text in firm.canaries.everything.values())
    body = f"payload={typed}".encode()
    for headers, status in ((firm.slack.wire.signed(body, secret="another secret"), 401), ({}, 401), (None, 401)):
        reply = await firm.slack.wire.post(body, headers=headers)
        assert (reply.status, list(found(reply.text.encode(), firm.canaries.everything))) == (status, [])


def spelled_out(rows: Iterator[tuple[object, ...]]) -> bytes:
    """Every value of these rows; bytes as they are."""
    return b"\n".join(one if isinstance(one, bytes) else str(one).encode() for row in rows for one in row)


def assert_clean(firm: Firm) -> None:
    """Nothing of it in the folders of the replicas, nor in Slack."""
    canaries = firm.canaries
    assert found_in_files(firm.folder, canaries.everything) == []
    assert list(found(firm.written_in_slack(), canaries.secrets)) == []
    assert list(firm.calls_with_a_name()) == []
    shown = [user for user in canaries.names if any(VERIFY in str(call.args) for call in firm.slack.calls)]
    assert shown  # so the calls that were searched are those of attempts
    assert firm.sandbox.ledger.leaks == []
    assert [line for one in firm.replicas for line in one.logged("started")]


async def test_nothing_is_written_over_sqlite(tmp_path: Path) -> None:
    """One replica, its own key in its state folder; in the end it aborts, which would leave a core."""
    folder = tmp_path / "firm"
    async with firm(folder, [""], None, Canaries()) as here:
        await live_through_it(here)
        state = here.replicas[0].folder / "state"
        lines = [line for line in (state / "keys").read_text().splitlines() if not line.startswith("#")]
        own = lines[0].partition(":")[2]
        with closing(sqlite3.connect(f"file:{state / 'link-ecf.db'}?mode=ro", uri=True)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = b"\n".join(spelled_out(iter(database.execute(f'SELECT * FROM "{name}"'))) for name in tables)
        assert b"linked" in rows
        assert list(found(rows, here.canaries.everything)) == []
        assert_clean(here)
        await here.replicas[0].end(signal.SIGABRT)
        key = {"key": own.encode(), "key, raw": base64.urlsafe_b64decode(own + "=" * (-len(own) % 4))}
        assert {said.partition(":")[0] for said in found_in_files(folder, key)} == {"keys"}
        assert list(found(here.written_in_slack(), key)) == []
        assert_clean(here)


async def test_nothing_is_written_over_postgresql(tmp_path: Path) -> None:
    """Two replicas; the passcode goes sealed through the database, which logs every value that it is given."""
    canaries, folder = Canaries(), tmp_path / "firm"
    with Server() as server:
        server.execute("ALTER SYSTEM SET log_statement = 'all'")
        server.execute("SELECT pg_reload_conf()")
        name = server.database()
        address = server.address(name).replace("postgres@", f"postgres:{canaries.secret('database password')}@")
        tmp_path.joinpath("firm").mkdir()
        assert (await command(folder, "db", "upgrade", DATABASE_URL=address))[0] == 0
        made = json.loads((await command(folder, "keys", "new", "--json"))[1])["LINK_ECF_KEYS"]
        key = made.partition(":")[2]
        canaries.secrets |= {"key": key.encode(), "key, raw": base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))}
        async with firm(folder, [address, address], made, canaries) as here:
            await live_through_it(here)
            names = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name)
            for (table,) in names:
                rows = server.execute(f'SELECT * FROM "{table}"', name)
                assert list(found(spelled_out(iter(rows)), canaries.everything)) == [], table
            server.execute("CHECKPOINT")
            log = (server.folder / "log").read_bytes()
            assert b"INSERT INTO answers" in log  # the passcode did go this way
            assert b"UPDATE attempts" in log
            assert found_in_files(server.folder, canaries.everything) == []
            assert_clean(here)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_planted_canary_is_found_in_any_spelling(spelling: str, tmp_path: Path) -> None:
    """In the middle of a file in a folder of the state folder."""
    planted: Mapping[str, bytes] = {"password": token().encode(), "another": token().encode()}
    place = tmp_path / "state" / "deeper"
    place.mkdir(parents=True)
    (place / "file").write_bytes(b"\x00before " + SPELLINGS[spelling](planted["password"]) + b" after\xff")
    assert f"file: password ({spelling})" in found_in_files(tmp_path, planted)
    assert not [said for said in found_in_files(tmp_path, planted) if "another" in said]


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_planted_canary_is_found_inside_base64(offset: int) -> None:
    """Wherever it begins in what was encoded."""
    canary = token().encode()
    assert list(found(base64.b64encode(b"x" * offset + canary + b"more"), {"password": canary}))


async def test_a_planted_canary_is_found_in_a_running_firm(tmp_path: Path) -> None:
    """In a table, in what Slack was told, and in a process's environment: by the same searches as above."""
    canaries, folder = Canaries(), tmp_path / "firm"
    async with firm(folder, [""], None, canaries) as here:
        before = found_in_files(folder, canaries.everything) + list(found(here.written_in_slack(), canaries.everything))
        assert before == []
        look_at_processes(here.replicas[0], canaries, attempts=0)
        leak = canaries.secret("planted")
        with closing(sqlite3.connect(here.replicas[0].folder / "state" / "link-ecf.db")) as database:
            database.execute("INSERT INTO seen_requests (key, at) VALUES (?, '2026-01-01 00:00:00')", (leak,))
            database.commit()
        assert any("planted" in said for said in found_in_files(folder, canaries.everything))
        here.slack.api.talk.hear("U0ANNA", CHANNEL, {"text": leak})
        assert list(found(here.written_in_slack(), canaries.secrets)) == ["planted (plain)"]
        async with running(folder / "leaky", {**here.replicas[0].settings, "NO_PROXY": f"{leak}.example"}) as leaky:
            with pytest.raises(AssertionError, match="planted"):
                look_at_processes(leaky, canaries, attempts=0)
