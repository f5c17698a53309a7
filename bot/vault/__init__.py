"""Seals what has to wait in the database, and only that: chat tokens, and what goes from one replica to another.

    sealing.py    what a record belongs to      envelope.py   its bytes      vault.py   seal, open, seal again
    keys.py       a ring of keys                keyfile.py    where it lies  provider.py the hook for an external KMS

Passwords are never sealed, because they are never stored (design 8).
"""

from __future__ import annotations

from bot.vault.envelope import key_id_of
from bot.vault.keyfile import KeyFile, open_vault
from bot.vault.keys import CurrentKey, Key, KeyRing, UnknownKey
from bot.vault.provider import KeyProvider, RingKeys, Wrapped
from bot.vault.sealing import CannotOpen, Purpose, Sealing, accounts_place, install_place, passcode_place
from bot.vault.vault import Vault

__all__ = [
    "CannotOpen",
    "CurrentKey",
    "Key",
    "KeyFile",
    "KeyProvider",
    "KeyRing",
    "Purpose",
    "RingKeys",
    "Sealing",
    "UnknownKey",
    "Vault",
    "Wrapped",
    "accounts_place",
    "install_place",
    "key_id_of",
    "open_vault",
    "passcode_place",
]
