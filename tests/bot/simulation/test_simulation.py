"""A few simulated weeks: they hold, the same seed gives the same weeks, and guards that are taken off are missed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import simulation
from bot.simulation.evidence import Judged, evidence
from bot.simulation.plan import Areas, Parts, Plan, Troubles
from bot.simulation.story import Arrival
from bot.simulation.verdict import CHECKS, judge
from bot.simulation.year import live
from bot.verbs import app
from intents.desk import clock_work
from intents.desk.nudges import silence, windows_clock
from intents.desk.nudges.setting import Setting
from intents.desk.projects.records import Role
from knowledge.wording import load_wording
from tests.bot.simulation.kit import CALM, WEEKS, edition, module, nothing_is_sent

FIRST = WEEKS.first
# What need not come up in three weeks of twenty projects.
RARE = ("seats_and_line", "none_stuck")
WHOLE = Parts()
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


def _lived(plan: Plan) -> Weeks:
    with live(plan, edition()) as lived, evidence(lived) as seen:
        rules = {rule.name: rule for rule in judge(seen).rules}
        # Tokens of buttons are secrets, and differ each time.
        arrivals = tuple(replace(one, buttons=()) for one in lived.story.arrivals)
        return Weeks(arrivals, rules, dict(lived.story.counted))


def _plan(seed: int, troubles: Troubles = CALM, parts: Parts = WHOLE) -> Plan:
    return replace(WEEKS, seed=seed, troubles=troubles, parts=parts)


def test_rough_weeks_hold_and_the_same_seed_gives_the_same_weeks() -> None:
    first = _lived(_plan(1, ROUGH))
    assert first.broken == set()
    assert {"kills", "answer_lost", "raced"} <= {name for name, count in first.counted.items() if count}
    assert len(first.arrivals) > 40
    assert _lived(_plan(1, ROUGH)) == first


def test_another_seed_gives_other_weeks_that_hold_as_well() -> None:
    weeks = _lived(_plan(2, ROUGH))
    assert weeks.broken == set()
    assert all(rule.checked for name, rule in weeks.rules.items() if name not in RARE)


def test_a_sender_that_does_not_look_is_found_to_send_twice() -> None:
    weeks = _lived(_plan(1, replace(ROUGH, loses=0.5), Parts(looks=False)))
    assert "delivered_once" in weeks.broken


def test_answers_that_are_not_heeded_are_found() -> None:
    # In the weeks of the first seed nobody's next notice falls due behind what they said.
    weeks = _lived(_plan(2, parts=Parts(heeds=False)))
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
    return [area for area in clock_work.areas(setting) if module(area) != windows_clock.__name__]


def _nobody_is_asked(setting: Setting) -> Areas:
    return [area for area in clock_work.areas(setting) if module(area) != silence.__name__]


def test_silence_that_goes_nowhere_is_found() -> None:
    plan = replace(_plan(1, parts=Parts(areas=_nobody_is_asked)), projects=40, last=date(2026, 5, 8))
    weeks = _lived(plan)
    assert "none_stuck" in weeks.broken


def test_notices_that_nobody_sends_are_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(areas=nothing_is_sent)))
    assert "none_forgotten" in weeks.broken


def test_staff_hear_for_who_is_not_there() -> None:
    """Nobody in charge when the office opens on a working day of those that are asked for."""
    friday, monday = date(2026, 4, 24), date(2026, 4, 27)
    ended, begins = datetime(2026, 4, 24, 11, tzinfo=UTC), datetime(2026, 4, 27, 5, tzinfo=UTC)
    with live(replace(_plan(1), last=FIRST, projects=10), edition()) as lived, evidence(lived) as seen:
        project = next(iter(seen.back.projects))
        first = next(one for one in seen.back.duties if (one.project, one.role) == (project, Role.OWNER))
        duties = (replace(first, until=ended), replace(first, since=begins, until=None))
        left = replace(seen, holders={(project, Role.OWNER): duties})
        assert not seen.left_alone(project, friday, monday)
        assert left.left_alone(project, friday, monday)
        assert not left.left_alone(project, friday, date(2026, 4, 26))
        assert not left.left_alone(project, date(2026, 4, 28), date(2026, 4, 30))


def test_letters_that_a_channel_takes_and_loses_are_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(carries=False)))
    assert "none_lost" in weeks.broken


def test_every_reason_and_kind_has_words() -> None:
    """A year that was lived through must not end in a missing text."""
    texts = load_wording().texts
    folder = Path(simulation.__file__).parent
    source = "".join(file.read_text("utf-8") for file in sorted(folder.glob("*.py")))
    reasons = set(re.findall(r'(?:aside|held)\["(\w+)"\]', source)) | set(
        re.findall(r'return "(\w+)"', source)
    )
    reasons -= {"there", "early"}
    assert {"with_staff", "budget", "on_the_way", "same_message_id"} <= reasons
    assert [name for name in sorted(reasons) if f"simulate.aside_{name}" not in texts] == []
    assert [check.__name__ for check in CHECKS if f"simulate.rule_{check.__name__}" not in texts] == []


def test_a_window_that_stays_open_is_found() -> None:
    weeks = _lived(_plan(1, parts=Parts(areas=_windows_stay_open)))
    assert "windows_close" in weeks.broken


def test_the_verb_tells_what_arrived_and_that_it_held() -> None:
    few = ["simulate", "--from", "2026-04-01", "--to", "2026-04-20", "--projects", "20", "--seed", "3"]
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
        (["--from", "1990-01-01", "--to", "1990-01-03"], "2016"),
    ],
)
def test_a_time_that_cannot_be_lived_through_is_refused(given: list[str], says: str) -> None:
    refused = CliRunner().invoke(app("simulate"), ["simulate", *given])
    assert refused.exit_code == 1
    assert says in refused.output
