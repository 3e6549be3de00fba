"""What apps above have to say of coverages on the pages of licences; each registers a speaker in its `ready`."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from accounts.rules import Actor

Speaker = Callable[[Actor, Collection[UUID]], Mapping[UUID, str]]
"""The coverages of which there is something to say, each with a few words in the reader's language; in one query."""

SPEAKERS: list[Speaker] = []


def remarks(actor: Actor, coverages: Collection[UUID]) -> dict[UUID, list[str]]:
    """All that is said of these coverages."""
    found: dict[UUID, list[str]] = {}
    for speaker in SPEAKERS:
        for coverage, words in speaker(actor, coverages).items():
            found.setdefault(coverage, []).append(words)
    return found
