"""The environment, read once into frozen Settings; nobody else reads it."""

from bot.settings.environment import FOR_CHILDREN, environment_for_children, read_settings
from bot.settings.fields import Settings, fix, names
from bot.settings.readers import Address, Network

__all__ = [
    "FOR_CHILDREN",
    "Address",
    "Network",
    "Settings",
    "environment_for_children",
    "fix",
    "names",
    "read_settings",
]
