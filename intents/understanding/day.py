"""What of an edition is valid on a day, worked out once for all the questions of that day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from intents.understanding.match import Mask
from knowledge.model import Edition, Entry


@dataclass(frozen=True, slots=True)
class EditionDay:
    """The edition without what is not valid on the day; `mask` flags the searchable entries, none where all are."""

    day: date
    mask: Mask | None
    edition: Edition


def edition_day(day: date, edition: Edition, known: Sequence[Entry]) -> EditionDay:
    """The day of an edition whose searchable entries are `known`."""
    mask = np.array([entry.valid.covers(day) for entry in known], dtype=bool)
    if mask.all():
        return EditionDay(day, None, edition)
    valid = {id_: entry for id_, entry in edition.entries.items() if entry.valid.covers(day)}
    return EditionDay(day, mask, replace(edition, entries=valid))
