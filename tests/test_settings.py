"""The environment: every setting reaches its field, and a wrong one is named with its fix and without its value."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import WrongSetting
from bot.secret import Secret
from bot.settings import FOR_CHILDREN, Address, Settings, environment_for_children, fix, names, read_settings

KEY = "A-_9" * 10 + "abc"
"""Text in the shape of 32 bytes in base64url."""

GOOD: dict[str, tuple[str, Callable[[Settings], Any], Any]] = {
    "SLACK_BOT_TOKEN": ("xoxb-1-a", lambda s: s.slack_bot_token, Secret("xoxb-1-a")),
    "SLACK_SIGNING_SECRET": ("8f742231b10e", lambda s: s.slack_signing_secret, Secret("8f742231b10e")),
    "SLACK_APP_TOKEN": ("xapp-1-a", lambda s: s.slack_app_token, Secret("xapp-1-a")),
    "SLACK_CLIENT_ID": ("214.691", lambda s: s.slack_client_id, "214.691"),
    "SLACK_CLIENT_SECRET": ("e1b9e11dfc", lambda s: s.slack_client_secret, Secret("e1b9e11dfc")),
    "SLACK_API_URL": ("http://127.0.0.1:9/api", lambda s: s.slack_api_url, "http://127.0.0.1:9/api/"),
    "HOST": ("0.0.0.0", lambda s: s.host, "0.0.0.0"),
    "PORT": ("8080", lambda s: s.port, 8080),
    "PUBLIC_URL": ("https://link.firm.example/", lambda s: s.public_url, "https://link.firm.example"),
    "LINK_ECF_TLS_CERT": (__file__, lambda s: s.tls_cert, Path(__file__)),
    "LINK_ECF_TLS_KEY": (__file__, lambda s: s.tls_key, Path(__file__)),
    "LINK_ECF_TRUSTED_PROXIES": (
        "10.0.0.5, 10.1.0.0/16 fd00::/64",
        lambda s: [str(one) for one in s.trusted_proxies],
        ["10.0.0.5/32", "10.1.0.0/16", "fd00::/64"],
    ),
    "LINK_ECF_INTAKE": ("Page", lambda s: s.intake, "page"),
    "LINK_ECF_STATE_DIR": ("/var/lib/link-ecf", lambda s: s.state_dir, Path("/var/lib/link-ecf")),
    "DATABASE_URL": (
        "postgresql://ecf:p%40ss@db.firm.example:5432/ecf?sslmode=verify-full",
        lambda s: s.database,
        "postgresql://ecf:p%40ss@db.firm.example:5432/ecf?sslmode=verify-full",
    ),
    "LINK_ECF_KEYS": (f"k2:{KEY},k1:{KEY}=", lambda s: s.keys, Secret(f"k2:{KEY},k1:{KEY}=")),
    "LINK_ECF_LINKING": ("Off", lambda s: s.linking, False),
    "LINK_ECF_CONTACT": ("Firm LLP; it@firm.example", lambda s: s.contact, "Firm LLP; it@firm.example"),
    "LINK_ECF_LOG_LEVEL": ("DEBUG", lambda s: s.log_level, "debug"),
    "LINK_ECF_REALM": ("training", lambda s: s.realm, "training"),
    "LINK_ECF_CONNECT_TO": ("127.0.0.1:8443", lambda s: s.connect_to, Address("127.0.0.1", 8443)),
    "LINK_ECF_CA_FILE": (__file__, lambda s: s.ca_file, Path(__file__)),
    "LINK_ECF_ADMINS": ("U012AB3CD, T1AB/W987ZYX", lambda s: s.admins, ("U012AB3CD", "T1AB/W987ZYX")),
}

WRONG = [
    ("SLACK_BOT_TOKEN", "hunter2-not-a-token"),
    ("SLACK_SIGNING_SECRET", "with a blank"),
    ("SLACK_APP_TOKEN", "xoxb-not-an-app-token"),
    ("SLACK_CLIENT_ID", "A0123456789"),
    ("SLACK_CLIENT_SECRET", "with a blank"),
    ("SLACK_API_URL", "http://slack.example/api/"),
    ("HOST", "not a host"),
    ("PORT", "http"),
    ("PORT", "65536"),
    ("LINK_ECF_CA_FILE", "~nobody-has-this-name/ca.pem"),
    ("PUBLIC_URL", "http://link.firm.example"),
    ("PUBLIC_URL", "https://user:word@link.firm.example"),
    ("PUBLIC_URL", "https://[broken"),
    ("LINK_ECF_TLS_CERT", "/no/such/cert.pem"),
    ("LINK_ECF_TLS_KEY", "/no/such/key.pem"),
    ("LINK_ECF_TRUSTED_PROXIES", "0.0.0.0/0"),
    ("LINK_ECF_TRUSTED_PROXIES", "10.0.0.1, ::/0"),
    ("LINK_ECF_TRUSTED_PROXIES", "proxy.firm.example"),
    ("LINK_ECF_TRUSTED_PROXIES", "10.0.0.1/8"),
    ("LINK_ECF_INTAKE", "letter"),
    ("DATABASE_URL", "postgres://db.firm.example/ecf"),
    ("DATABASE_URL", "postgresql+asyncpg://db.firm.example/ecf"),
    ("DATABASE_URL", "postgresql://user:hunter2@db.firm.example"),
    ("DATABASE_URL", "postgresql://user:hunter2@db.firm.example:none/ecf"),
    ("DATABASE_URL", "postgresql:///ecf"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "sqlite://host/link-ecf.db"),
    ("LINK_ECF_KEYS", KEY),
    ("LINK_ECF_KEYS", f"k1:{KEY}A"),
    ("LINK_ECF_KEYS", f"k1:{KEY},"),
    ("LINK_ECF_KEYS", f"K1:{KEY}"),
    ("LINK_ECF_LINKING", "perhaps"),
    ("LINK_ECF_CONTACT", "Firm\r\nCookie: stolen"),
    ("LINK_ECF_CONTACT", "Firm (brackets)"),
    ("LINK_ECF_LOG_LEVEL", "loud"),
    ("LINK_ECF_REALM", "elsewhere"),
    ("LINK_ECF_CONNECT_TO", "8.8.8.8:443"),
    ("LINK_ECF_CONNECT_TO", "pacer.login.uscourts.gov:443"),
    ("LINK_ECF_CONNECT_TO", "127.0.0.9"),
    ("LINK_ECF_CONNECT_TO", "127.0.0.1:0"),
    ("LINK_ECF_CA_FILE", "/no/such/file.pem"),
    ("LINK_ECF_ADMINS", "partner@firm.example"),
    ("LINK_ECF_ADMINS", "C0OTHER/U0AVERY"),
    ("LINK_ECF_ADMINS", "T0OTHER/"),
]


@pytest.mark.parametrize("name", names())
def test_each_setting_reaches_its_field(name: str) -> None:
    given_text, field, wanted = GOOD[name]
    assert field(read_settings({name: given_text})) == wanted


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_wrong_setting_is_named_with_its_fix_on_one_line_and_never_echoed(name: str, text: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        read_settings({name: text})
    line = str(caught.value)
    assert line.startswith(f"{name} is wrong: ")
    assert fix(name) in line
    assert "\n" not in line
    assert text not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_every_wrong_setting_is_named() -> None:
    with pytest.raises(WrongSetting, match=r"PORT is wrong: .* \(Wrong too: LINK_ECF_LINKING, LINK_ECF_REALM\.\)"):
        read_settings({"PORT": "x", "LINK_ECF_REALM": "x", "LINK_ECF_LINKING": "x"})


@pytest.mark.parametrize("nothing", ["", "  ", "\t"])
def test_an_empty_value_counts_as_not_set(nothing: str) -> None:
    assert repr(read_settings(dict.fromkeys(names(), nothing))) == repr(read_settings({}))


def test_another_loopback_address_is_taken() -> None:
    assert read_settings({"LINK_ECF_CONNECT_TO": "[::1]:8443"}).connect_to == Address("::1", 8443)
    assert read_settings({"LINK_ECF_CONNECT_TO": "localhost:8443"}).connect_to == Address("127.0.0.1", 8443)


def test_no_secret_is_shown() -> None:
    keys = "k1:canary" + "A" * 37
    settings = read_settings(
        {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_SIGNING_SECRET": "canary2", "LINK_ECF_KEYS": keys}
    )
    assert "canary" not in f"{settings!r} {settings}"


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        read_settings({}).port = 1  # type: ignore[misc]


def test_the_process_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "4321")
    assert read_settings().port == 4321
    assert read_settings({}).port == 3000
    assert Settings().port == 3000


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_CLIENT_SECRET"),
        ({"SLACK_CLIENT_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_CLIENT_ID"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "SLACK_SIGNING_SECRET"),
    ],
)
def test_what_slack_needs_is_asked_for_by_name(environ: dict[str, str], missing: str) -> None:
    with pytest.raises(WrongSetting, match=f"^{missing} is not set: "):
        read_settings(environ).require_slack()


@pytest.mark.parametrize("other", [{"SLACK_SIGNING_SECRET": "s"}, {"SLACK_APP_TOKEN": "xapp-1"}])
def test_slack_needs_a_bot_token_and_one_of_the_two_ways_in(other: dict[str, str]) -> None:
    settings = read_settings({"SLACK_BOT_TOKEN": "xoxb-1"} | other)
    assert settings.require_slack() is settings


def test_several_workspaces_need_no_bot_token() -> None:
    settings = read_settings({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "t"})
    assert settings.require_slack().many_workspaces
    assert not read_settings({"SLACK_CLIENT_ID": "1.2"}).many_workspaces


@given(st.sampled_from(names()), st.text())
def test_no_text_does_anything_but_be_read_or_be_refused(name: str, text: str) -> None:
    try:
        read_settings({name: text})
    except WrongSetting as refusal:
        assert str(refusal).startswith(name)  # noqa: PT017


def test_a_child_is_given_no_token() -> None:
    """Only what it needs to get out to the court."""
    given = {
        "HTTPS_PROXY": "http://proxy.firm.example:3128",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "LINK_ECF_KEYS": "k",
        "A": "b",
    }
    assert environment_for_children(given) == {"HTTPS_PROXY": "http://proxy.firm.example:3128"}
    assert not set(FOR_CHILDREN) & set(names())


HTTPS = {"PUBLIC_URL": "https://link.firm.example"}
BEHIND = {"LINK_ECF_TRUSTED_PROXIES": "10.0.0.5"}
LOCAL = {"PUBLIC_URL": "http://127.0.0.1:3000"}
BELOW = {"PUBLIC_URL": "https://firm.example/link-ecf"}


@pytest.mark.parametrize(
    ("environ", "intake"),
    [
        ({}, "modal"),
        (LOCAL, "modal"),
        (BELOW, "modal"),
        (HTTPS, "both"),
        (HTTPS | {"LINK_ECF_INTAKE": "modal"}, "modal"),
        (HTTPS | BEHIND | {"LINK_ECF_INTAKE": "page"}, "page"),
        (HTTPS | BEHIND | {"LINK_ECF_INTAKE": "both"}, "both"),
    ],
)
def test_where_passwords_are_typed(environ: dict[str, str], intake: str) -> None:
    settings = read_settings(environ)
    assert settings.require_ways_in() is settings
    assert settings.intake == intake


@pytest.mark.parametrize("environ", [{}, LOCAL, BELOW])
@pytest.mark.parametrize("intake", ["page", "both"])
def test_a_page_without_https_is_refused_with_its_fix(environ: dict[str, str], intake: str) -> None:
    settings = read_settings(environ | {"LINK_ECF_INTAKE": intake})
    with pytest.raises(WrongSetting, match=rf"^LINK_ECF_INTAKE is wrong: {intake} needs PUBLIC_URL, the https address"):
        settings.require_ways_in()


@pytest.mark.parametrize(
    ("given_one", "missing"), [("LINK_ECF_TLS_CERT", "LINK_ECF_TLS_KEY"), ("LINK_ECF_TLS_KEY", "LINK_ECF_TLS_CERT")]
)
def test_a_certificate_needs_its_key(given_one: str, missing: str) -> None:
    with pytest.raises(WrongSetting, match=f"^{missing} is not set: give a file "):
        read_settings({given_one: __file__}).require_ways_in()
    both = read_settings({given_one: __file__, missing: __file__})
    assert both.require_ways_in() is both


@pytest.mark.parametrize("intake", ["page", "both"])
def test_a_page_needs_a_certificate_or_a_proxy_that_is_named(intake: str) -> None:
    wanted = HTTPS | {"LINK_ECF_INTAKE": intake}
    with pytest.raises(WrongSetting, match=r"^LINK_ECF_TRUSTED_PROXIES is not set: .*LINK_ECF_TLS_CERT and "):
        read_settings(wanted).require_ways_in()
    own = wanted | {"LINK_ECF_TLS_CERT": __file__, "LINK_ECF_TLS_KEY": __file__}
    assert read_settings(own).require_ways_in().speaks_https
    assert not read_settings(HTTPS).require_ways_in().speaks_https
