"""When a notice that was never told is none forgotten, with evidence that is made up where it has to be rare."""

from dataclasses import replace
from datetime import datetime

from bot.simulation.checks_steps import none_forgotten
from bot.simulation.evidence import Evidence, evidence
from bot.simulation.plan import DAY, Parts
from bot.simulation.story import Arrival, Said
from bot.simulation.year import live
from intents.desk.nudges.records import Answer, Succession, SuccessionState, SuccessionWhy
from storage.hindsight import Put
from tests.bot.simulation.kit import WEEKS, edition, nothing_is_sent

PLAN = replace(WEEKS, parts=Parts(areas=nothing_is_sent))


def test_a_date_that_is_over_before_anybody_is_found_is_not_forgotten() -> None:
    """As long as it is asked who is in charge; a date that is still to come then has to be told."""

    def asked(seen: Evidence, until: datetime) -> Evidence:
        why, state = SuccessionWhy.UNREACHED, SuccessionState.STAYS
        each = tuple(
            Succession(
                id=one, project=one, contact=1, why=why, state=state, opened_at=PLAN.begins, closed_at=until
            )
            for one in seen.back.projects
        )
        return replace(seen, back=replace(seen.back, successions=each))

    with live(PLAN, edition()) as lived, evidence(lived) as seen:
        broken = set(none_forgotten(seen).broken)
        soon = none_forgotten(asked(seen, PLAN.begins - 400 * DAY))
        late = none_forgotten(asked(seen, PLAN.ends + 4000 * DAY))
        assert set(soon.broken) == broken
        assert late.aside["succession"] >= len(broken) > 0
        assert late.broken == ()


def test_what_was_done_before_there_was_room_for_it_is_not_forgotten() -> None:
    with live(PLAN, edition()) as lived, evidence(lived) as seen:
        broken = none_forgotten(seen).broken
        everything = seen.back.obligations.values()
        lived.story.said.extend(Said(PLAN.begins, "contact:1", one, Answer.DONE) for one in everything)
        assert none_forgotten(seen).broken == broken
        letters = {f"nudge:{n}": PLAN.begins + n * DAY for n in range(-6, 30)}
        put = {base: Put(f"{base}:mail", base, "mail", "sent", at, at) for base, at in letters.items()}
        there = {address for one in lived.cast.people.values() for address in one.addresses}
        came = [Arrival(at, f"{base}:mail", "mail", "", "") for base, at in letters.items()]
        full = replace(seen, put={**seen.put, **put}, filling=dict.fromkeys(there, came))
        after = none_forgotten(full)
        assert after.aside["waits_for_room"] >= len(broken) - len(after.broken) > 0
