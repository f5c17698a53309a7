"""Options that several commands take; nothing else is imported here, so that `link-ecf --help` stays quick."""

from __future__ import annotations

import click

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for scripts.")
in_workspace = click.option(
    "--workspace", metavar="ID", help="A workspace's id, such as T012AB3CD; without it, that of SLACK_BOT_TOKEN."
)
