"""An order and the answer that explains it are neighbours: the mood of a text tells which of them is meant."""

from collections.abc import Mapping
from dataclasses import replace

from intents.understanding.confidence import FEW
from intents.understanding.match import Candidate
from knowledge.model import Entry

# Within this share of the best score two neighbours are as good as even.
EVEN = 0.92


def order_first(found: tuple[Candidate, ...], known: Mapping[str, Entry]) -> tuple[Candidate, ...]:
    """The candidates of a text that demands: an order comes before the answer that explains it."""
    best, enough = found[0], EVEN * found[0].score
    for one in found[1:FEW]:
        if one.score >= enough and known[one.entry].answered_by == best.entry:
            return (replace(one, score=best.score), *(other for other in found if other is not one))
    return found
