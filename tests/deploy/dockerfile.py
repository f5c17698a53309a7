"""Reads a Dockerfile into its stages: enough of the grammar to hold ours to its promises, and strict about the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

KNOWN = frozenset(
    {"FROM", "ARG", "ENV", "LABEL", "WORKDIR", "RUN", "COPY", "ADD", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL"}
    | {"HEALTHCHECK", "ENTRYPOINT", "CMD", "SHELL"}
)


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name in capitals, and what follows it on one line."""

    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The arguments: the items of the JSON form, else the words; flags such as --from are left in front."""
        text = re.sub(r"^((?:--\S+\s+)*)", "", self.rest)
        flags = self.rest[: len(self.rest) - len(text)].split()
        return [*flags, *(json.loads(text) if text.startswith("[") else text.split())]


@dataclass(frozen=True)
class Stage:
    """One image of the build: its base, its name ("" for the last one's), and what is done in it."""

    base: str
    name: str
    steps: tuple[Instruction, ...]

    def all(self, name: str) -> list[Instruction]:
        """Every instruction of this name, in order."""
        return [step for step in self.steps if step.name == name]

    def last(self, name: str) -> Instruction:
        """The one that counts. Raises IndexError when there is none."""
        return self.all(name)[-1]


def instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions, comments and line continuations taken away. Raises ValueError for an unknown one."""
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", " ", kept).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            if name.upper() not in KNOWN:
                raise ValueError(f"{name} is no instruction")
            yield Instruction(name.upper(), rest.strip())


def stages(text: str) -> list[Stage]:
    """Return the stages. Raises ValueError for what stands before the first FROM."""
    found: list[tuple[str, str, list[Instruction]]] = []
    for step in instructions(text):
        if step.name == "FROM":
            base, *named = step.rest.split()
            found.append((base, named[1] if named else "", []))
        elif not found:
            raise ValueError(f"{step.name} stands before FROM")
        else:
            found[-1][2].append(step)
    return [Stage(base, name, tuple(steps)) for base, name, steps in found]
