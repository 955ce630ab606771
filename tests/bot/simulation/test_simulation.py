"""A few simulated weeks: they hold, the same seed gives the same weeks, and every guard that is taken off is missed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache

import pytest
from typer.testing import CliRunner

from bot.simulation.evidence import Judged, evidence
from bot.simulation.plan import Areas, Parts, Plan, Troubles
from bot.simulation.story import Arrival
from bot.simulation.verdict import judge
from bot.simulation.year import live
from bot.verbs import app
from intents.desk import clock_work
from intents.desk.nudges import windows_clock
from intents.desk.nudges.setting import Setting
from knowledge.model import Edition
from knowledge.reader import files_in, read

FIRST, LAST, PROJECTS = date(2026, 4, 1), date(2026, 4, 24), 20
WHOLE = Parts()
CALM = Troubles(0, 0, 0, 0, outage_days=0, kill_days=0, standstills=0)
ROUGH = Troubles(fails=0.1, slow=0.1, loses=0.2, waits=0.2, outage_days=6, kill_days=2)


@dataclass(frozen=True)
class Weeks:
    """What came of them."""

    arrivals: Sequence[Arrival]
    rules: Mapping[str, Judged]
    counted: Mapping[str, int]

    @property
    def broken(self) -> set[str]:
        """The rules that did not hold."""
        return {name for name, rule in self.rules.items() if not rule.holds}


@cache
def _edition() -> Edition:
    files = files_in()
    return read({name: files[name] for name in ("calendar.toml", "sources.toml", "facts.toml")}).edition


def _lived(plan: Plan) -> Weeks:
    with live(plan, _edition()) as lived, evidence(lived) as seen:
        rules = {rule.name: rule for rule in judge(seen).rules}
        # Tokens of buttons are secrets, and differ each time.
        arrivals = tuple(replace(one, buttons=()) for one in lived.story.arrivals)
        return Weeks(arrivals, rules, dict(lived.story.counted))


def _plan(seed: int, troubles: Troubles = CALM, parts: Parts = WHOLE) -> Plan:
    return Plan(FIRST, LAST, seed, PROJECTS, troubles, parts)


def test_rough_weeks_hold_and_the_same_seed_gives_the_same_weeks() -> None:
    first = _lived(_plan(1, ROUGH))
    assert first.broken == set()
    assert {"kills", "answer_lost", "raced"} <= {name for name, count in first.counted.items() if count}
    assert len(first.arrivals) > 40
    assert _lived(_plan(1, ROUGH)) == first


def test_another_seed_gives_other_weeks_that_hold_as_well() -> None:
    weeks = _lived(_plan(2, ROUGH))
    assert weeks.broken == set()
    assert all(rule.checked for name, rule in weeks.rules.items() if name != "seats_and_line")


def test_a_sender_that_does_not_look_is_found_to_send_twice() -> None:
    weeks = _lived(_plan(1, replace(ROUGH, loses=0.5), Parts(looks=False)))
    assert "delivered_once" in weeks.broken


def test_answers_that_are_not_heeded_are_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(heeds=False)))
    assert "not_after_done" in weeks.broken


def _at_night(setting: Setting) -> Areas:
    early = replace(setting.terms, hour=time(0, 0))
    return clock_work.areas(replace(setting, terms=early))


def test_letters_before_the_hour_are_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(areas=_at_night)))
    assert "quiet_hours" in weeks.broken


def _impatient(setting: Setting) -> Areas:
    soon = replace(setting.terms, second_after_days=1, staff_after_days=1)
    return clock_work.areas(replace(setting, terms=soon))


def test_asking_second_contacts_and_staff_too_early_is_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(areas=_impatient)))
    assert {"going_up", "to_staff"} & weeks.broken


def _windows_stay_open(setting: Setting) -> Areas:
    return [area for area in clock_work.areas(setting) if _module(area) != windows_clock.__name__]


def _module(area: object) -> str:
    return str(getattr(area, "func", area).__module__)


def test_a_window_that_stays_open_is_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(areas=_windows_stay_open)))
    assert "windows_close" in weeks.broken


def test_the_verb_tells_what_arrived_and_that_it_held() -> None:
    few = ["simulate", "--from", "2026-04-01", "--to", "2026-04-03", "--projects", "10", "--seed", "3"]
    shown = CliRunner().invoke(app("simulate"), [*few, "--sent"])
    assert shown.exit_code == 0, shown.output
    assert "種 3" in shown.output
    assert "すべて守られました" in shown.output
    told = CliRunner().invoke(app("simulate"), [*few, "--json", "--sent"])
    whole = json.loads(told.stdout)
    assert whole["holds"]
    assert whole["seed"] == 3
    assert len(whole["sent"]) == sum(n for some in whole["arrived"].values() for n in some.values()) > 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--from", "2026-05-01", "--to", "2026-04-01"], "--from"),
        (["--from", "2027-04-01", "--to", "2028-03-01"], "--to"),
        (["--from", "2026-04-01", "--to", "2027-12-01"], "366"),
    ],
)
def test_a_time_that_cannot_be_lived_through_is_refused(given: list[str], says: str) -> None:
    refused = CliRunner().invoke(app("simulate"), ["simulate", *given])
    assert refused.exit_code == 1
    assert says in refused.output
