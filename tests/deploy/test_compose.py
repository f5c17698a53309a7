"""The compose file: one bot by default, two over PostgreSQL by profile, each confined and given time to end.

The compose specification's own schema is not at hand: the part that this file relies on is written out here, with
nothing allowed besides.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.app import DRAIN_SECONDS
from bot.attempts.running import Bounds
from bot.settings import names, read_settings

TEXTS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m)$"}
SERVICE = {
    "type": "object",
    "required": ["image", "environment", "restart", "deploy", "logging", "security_opt", "ulimits"],
    "additionalProperties": False,
    "properties": {
        "image": {"type": "string", "pattern": r"^[a-z0-9./-]+:(?!latest$)[A-Za-z0-9._-]+(@sha256:[0-9a-f]{64})?$"},
        "build": {
            "type": "object",
            "required": ["context", "dockerfile"],
            "additionalProperties": False,
            "properties": {"context": {"type": "string"}, "dockerfile": {"type": "string"}},
        },
        "profiles": TEXTS,
        "command": TEXTS,
        "env_file": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path"],
                "additionalProperties": False,
                "properties": {"path": {"type": "string"}, "required": {"type": "boolean"}},
            },
        },
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "volumes": TEXTS,
        "networks": TEXTS,
        "ports": TEXTS,
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["condition"],
                "additionalProperties": False,
                "properties": {
                    "condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}
                },
            },
        },
        "restart": {"enum": ["no", "always", "unless-stopped", "on-failure"]},
        "stop_grace_period": DURATION,
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "tmpfs": TEXTS,
        "cap_drop": TEXTS,
        "security_opt": TEXTS,
        "shm_size": {"type": "string"},
        "ulimits": {"type": "object", "additionalProperties": {"type": "integer"}},
        "deploy": {
            "type": "object",
            "required": ["resources"],
            "additionalProperties": False,
            "properties": {
                "resources": {
                    "type": "object",
                    "required": ["limits"],
                    "additionalProperties": False,
                    "properties": {
                        "limits": {
                            "type": "object",
                            "required": ["memory", "cpus", "pids"],
                            "additionalProperties": False,
                            "properties": {
                                "memory": {"type": "string", "pattern": r"^\d+[mg]$"},
                                "cpus": {"type": "string", "pattern": r"^[\d.]+$"},
                                "pids": {"type": "integer"},
                            },
                        }
                    },
                }
            },
        },
        "healthcheck": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["test"],
                    "additionalProperties": False,
                    "properties": {
                        "test": TEXTS,
                        "interval": DURATION,
                        "timeout": DURATION,
                        "start_period": DURATION,
                        "retries": {"type": "integer"},
                    },
                },
                {
                    "type": "object",
                    "required": ["disable"],
                    "additionalProperties": False,
                    "properties": {"disable": {"const": True}},
                },
            ]
        },
        "logging": {
            "type": "object",
            "required": ["driver", "options"],
            "additionalProperties": False,
            "properties": {
                "driver": {"const": "json-file"},
                "options": {
                    "type": "object",
                    "required": ["max-size", "max-file"],
                    "additionalProperties": {"type": "string"},
                },
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["name", "services", "volumes"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {"type": "object"}},
    "properties": {
        "name": {"type": "string"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"internal": {"type": "boolean"}},
            },
        },
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
    },
}
BOTS = ("bot", "bot-1", "bot-2")
OURS = (*BOTS, "upgrade", "upgrade-postgres")


@pytest.fixture
def file(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "deploy/compose.yaml").read_text("utf-8"))
    return loaded


@pytest.fixture
def services(file: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = file["services"]
    return found


def seconds(duration: str) -> int:
    """Return a duration of compose in seconds."""
    number, unit = re.fullmatch(r"(\d+)(s|m)", duration).groups()  # type: ignore[union-attr]
    return int(number) * (60 if unit == "m" else 1)


def test_it_has_the_shape_that_compose_takes(file: dict[str, Any]) -> None:
    jsonschema.validate(file, SCHEMA)


@pytest.mark.parametrize(
    ("service", "key", "value"),
    [
        ("bot", "image", "link-ecf:latest"),
        ("bot", "image", "link-ecf"),
        ("bot", "privileged", True),
        ("bot", "stop_grace_period", 90),
        ("bot", "restart", False),
        ("postgres", "environment", {"POSTGRES_PASSWORD": None}),
    ],
)
def test_the_schema_refuses_what_it_should(file: dict[str, Any], service: str, key: str, value: object) -> None:
    changed = copy.deepcopy(file)
    changed["services"][service][key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed, SCHEMA)


def test_by_default_one_bot_runs_over_sqlite_after_its_tables_were_upgraded(services: dict[str, Any]) -> None:
    default = {name for name, service in services.items() if "profiles" not in service}
    assert default == {"bot", "upgrade"}
    assert services["bot"]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert services["bot"]["volumes"] == services["upgrade"]["volumes"]


def test_the_profile_is_postgresql_18_with_two_bots_and_an_upgrade_before_them(services: dict[str, Any]) -> None:
    profile = {name for name, service in services.items() if service.get("profiles") == ["postgres"]}
    assert profile == {"postgres", "upgrade-postgres", "bot-1", "bot-2"}
    assert services["postgres"]["image"].startswith("postgres:18.")
    for bot in ("bot-1", "bot-2"):
        assert services[bot]["depends_on"]["upgrade-postgres"]["condition"] == "service_completed_successfully"
        assert services[bot]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["upgrade-postgres"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_each_upgrade_runs_once_and_is_the_command_of_the_line(services: dict[str, Any]) -> None:
    for name in ("upgrade", "upgrade-postgres"):
        assert (services[name]["command"], services[name]["restart"]) == (["db", "upgrade"], "no")


@pytest.mark.parametrize("name", OURS)
def test_what_it_sets_are_settings_that_the_bot_takes(services: dict[str, Any], name: str) -> None:
    given = {
        key: value.replace("${POSTGRES_PASSWORD:-}", "0f" * 32) for key, value in services[name]["environment"].items()
    }
    assert set(given) <= set(names())
    settings = read_settings(given)
    over_postgres = "postgres" in services[name].get("profiles", ())
    assert settings.database.startswith("postgresql://" if over_postgres else "sqlite:////var/lib/link-ecf/")
    folder = str(settings.state_dir)
    assert [volume for volume in services[name].get("volumes", []) if volume.endswith(f":{folder}")] or (
        name == "upgrade-postgres"
    )


def test_no_two_bots_share_a_state_folder(services: dict[str, Any]) -> None:
    assert len({services[name]["volumes"][0] for name in BOTS}) == len(BOTS)


@pytest.mark.parametrize("name", OURS)
def test_every_container_of_ours_is_confined(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["ulimits"]["core"] == 0
    assert all({"noexec", "nosuid"} <= set(mount.partition(":")[2].split(",")) for mount in service["tmpfs"])


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_has_time_to_end_its_attempts_before_it_is_killed(services: dict[str, Any], name: str) -> None:
    """What the drain takes at the most: its own time, then twice the time of an ending."""
    assert seconds(services[name]["stop_grace_period"]) > DRAIN_SECONDS + 2 * Bounds().ending + 10
    assert services[name]["restart"] == "unless-stopped"


def test_only_the_bots_are_published_and_only_on_this_machine(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(published) == set(BOTS)
    assert all(
        port.startswith("127.0.0.1:") and port.endswith(":3000") for ports in published.values() for port in ports
    )
    assert published["bot-1"] != published["bot-2"]
    assert published["bot"] == published["bot-1"]


def test_the_database_is_reached_by_the_bots_only_and_reaches_nobody(file: dict[str, Any]) -> None:
    assert file["networks"] == {"database": {"internal": True}}
    assert file["services"]["postgres"]["networks"] == ["database"]
    assert "database" not in file["services"]["bot"].get("networks", [])


def test_no_secret_is_written_in_it(root: Path, services: dict[str, Any]) -> None:
    text = (root / "deploy/compose.yaml").read_text("utf-8")
    assert not re.search(r"xox[a-z]-|xapp-", text)
    for service in services.values():
        for name, value in service["environment"].items():
            if re.search("PASSWORD|SECRET|TOKEN|KEYS", name):
                assert value == "${POSTGRES_PASSWORD:-}"
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:-}"


def test_volumes_and_networks_that_are_used_are_those_that_are_named(file: dict[str, Any]) -> None:
    used = {volume.partition(":")[0] for service in file["services"].values() for volume in service.get("volumes", [])}
    assert used == set(file["volumes"])
    nets = {net for service in file["services"].values() for net in service.get("networks", [])}
    assert nets - {"default"} == set(file["networks"])


def test_the_build_is_of_the_file_that_stands_here(root: Path, services: dict[str, Any]) -> None:
    build = services["bot"]["build"]
    assert (root / "deploy" / build["context"] / build["dockerfile"]).resolve() == root / "deploy/Dockerfile"
