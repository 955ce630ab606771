"""What holds for every date: keys, order, working days, switches; and that every code has its sentence."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intents.desk.deadlines.engine import deadlines, office_deadlines
from intents.desk.deadlines.explain import Explanation, explain
from intents.desk.deadlines.records import Almanac, Deadline
from intents.desk.deadlines.registry import OF_OFFICE, OF_PROJECTS
from intents.desk.office_hours import is_working_day
from intents.desk.projects.records import (
    Certification,
    Instrument,
    Period,
    Project,
    Scheme,
    WindowKind,
)
from knowledge.model import Lang
from knowledge.reader import files_in, read
from knowledge.reminder_formulas import FORMULAS
from knowledge.reminder_model import RuleKind, RuleSubject, Shift
from knowledge.reminders import load_rules
from knowledge.wording import load_wording
from tests.intents.desk.deadlines.world import HOURS, TODAY, almanac, dates, day, project, window

RULES, WORDING = load_rules(), load_wording()
TEXTS = tuple(name for name, one in vars(Explanation).items() if isinstance(one, property))
SETTINGS = {
    "DL-05": {"submission_month": "6"},
    "DL-10": {"final_application_limit_days": "365"},
    "DL-19": {"heading_month": "8"},
    "DL-21": {"report_ends": "2027-07-30"},
    "DL-22": {"weekday": "4", "hour": "12"},
}
WINDOWS = (
    window(WindowKind.SUPPORT, 2026, "2026-04-15", "2026-12-18 14:00"),
    window(WindowKind.AGRICULTURE, 2027, "2027-02-08", "2027-03-03 17:00"),
    window(WindowKind.AUCTION, 2026),
)
FULL, BARE = almanac(*WINDOWS, settings=SETTINGS), almanac(rounds=())
DAYS = st.none() | st.dates(date(2015, 1, 1), date(2040, 12, 31))
SOME = st.dates(date(2015, 1, 1), date(2030, 12, 31))
ROUND = st.none() | st.integers(79, 84)


@st.composite
def _projects(draw: st.DrawFn) -> Project:
    names = (
        "implementation_date",
        "registration_application_date",
        "registration_date",
        "monitoring_ready_date",
        "cp_start",
        "cp_end",
        "report_received_on",
        "plan_changed_on",
    )
    certifications = st.builds(Certification, SOME, ROUND, st.none(), DAYS)
    periods = st.builds(lambda first, n: Period(first, first + timedelta(days=n)), SOME, st.integers(0, 900))
    given_days: dict[str, Any] = {name: draw(DAYS) for name in names}
    return Project(
        id=draw(st.integers(1, 9)),
        project_id="P",
        title="t",
        organisation="o",
        methodology=draw(st.sampled_from(("EN-S-001", "AG-005", "AG-004", "FO-001", ""))),
        scheme=draw(st.sampled_from(list(Scheme))),
        is_forest=draw(st.booleans()),
        target_round=draw(ROUND),
        certifications=tuple(
            draw(st.lists(certifications, max_size=2, unique_by=lambda one: one.applied_on))
        ),
        periods=tuple(draw(st.lists(periods, max_size=2))),
        instruments=tuple(
            draw(
                st.lists(
                    st.builds(Instrument, st.text(max_size=90), SOME),
                    max_size=2,
                    unique_by=lambda one: one.name,
                )
            )
        ),
        unverified=frozenset(draw(st.lists(st.sampled_from(names), max_size=2))),
        **given_days,
    )


@settings(max_examples=150, deadline=None)
@given(_projects(), st.booleans(), st.dates(TODAY, HOURS.horizon))
def test_what_holds_for_every_date(one: Project, full: bool, on: date) -> None:
    """Whatever the project: the same twice, told apart, in order, explained in both languages."""
    counted = FULL if full else BARE
    found = deadlines(one, counted, on, off=True)
    assert found == deadlines(one, counted, on, off=True)
    _check(found)
    assert {each.subject for each in found} <= {f"project:{one.id}"}
    some = frozenset(sorted({each.rule.id for each in found})[::2])
    alone = deadlines(one, counted, on, off=True, of=some)
    assert alone == tuple(each for each in found if each.rule.id in some)


def _check(found: tuple[Deadline, ...]) -> None:
    names = [(each.rule.id, each.key) for each in found]
    assert len(set(names)) == len(names)
    places = [(bool(each.missing), each.due_on or date.max) for each in found]
    assert places == sorted(places)
    for each in found:
        assert not (each.missing or each.stopped) or each.steps == ()
        assert (each.due_on is None) == each.key.startswith("unknown")
        _check_steps(each)
        for lang in Lang:
            told = explain(each, WORDING, lang)
            # Each has its words, also where nobody asks for them.
            assert all(getattr(told, text) is not None for text in TEXTS)
            assert told.title
            assert told.arithmetic
            assert not re.search(r"[{}]", told.arithmetic)


def _check_steps(each: Deadline) -> None:
    assert each.version
    assert [step.planned for step in each.steps] == sorted(step.planned for step in each.steps)
    assert len({step.name for step in each.steps}) == len(each.steps)
    for step in each.steps:
        assert is_working_day(HOURS, step.on)
        if step.planned != step.on:
            assert not is_working_day(HOURS, step.planned)
        assert step.on <= step.planned if each.version.shift is Shift.BEFORE else step.on >= step.planned


def test_what_holds_for_the_offices_dates() -> None:
    """On every day of a year."""
    for number in range(0, 366, 5):
        _check(office_deadlines(FULL, TODAY + timedelta(days=number), off=True))


# ------------------------------------------------ switches and who is concerned


def test_what_nothing_confirms_is_off() -> None:
    """Every unverified rule, and no other."""
    off = {id_ for id_, rule in RULES.items() if not rule.enabled}
    unverified = {
        id_ for id_, rule in RULES.items() if any(one.kind is RuleKind.UNVERIFIED for one in rule.versions)
    }
    assert off == unverified == {"DL-10", "DL-14", "DL-22"}


def test_the_office_can_switch_any_rule() -> None:
    """Off is left out; it is still there for whoever asks for it."""
    house = project(cp_start="2021-12-01")
    quiet = Almanac(RULES, HOURS, enabled={"DL-03": False})
    assert [each.due_on for each in dates("DL-03", house, quiet)] == []
    shown = {each.rule.id for each in deadlines(house, quiet, TODAY, off=True)}
    assert {"DL-03", "DL-10"} <= shown


def test_a_methodology_may_be_written_with_more_words() -> None:
    """Its code is what counts."""
    assert dates("DL-18", project(methodology="AG-005 Ver.3.3"))
    assert dates("DL-18", project(methodology="EN-S-005")) == []


def test_nothing_is_counted_before_the_first_version() -> None:
    """A rule that was not there yet says nothing."""
    assert deadlines(project(cp_start="2010-04-01"), almanac(), day("2012-12-31")) == ()


# ------------------------------------------------ registries and words


def test_every_formula_is_counted_somewhere() -> None:
    """By the desk or by a clock of its own, and the registry says of what it speaks."""
    of = {kind: {name for name, one in FORMULAS.items() if one.subject is kind} for kind in RuleSubject}
    assert set(OF_PROJECTS) == of[RuleSubject.PROJECT]
    assert set(OF_OFFICE) == of[RuleSubject.OFFICE]
    used = {version.formula for rule in RULES.values() for version in rule.versions}
    assert used == set(FORMULAS)


def test_every_code_has_its_sentence() -> None:
    """Reasons, stops, warnings and fields, as the formulas name them."""
    known = set(WORDING.names("deadlines"))
    folder = Path(__file__).parents[4] / "intents/desk/deadlines"
    source = "\n".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    stops = set(re.findall(r'Stop\(\s*"([a-z_]+)"', source))
    reasons = set(re.findall(r'(?:Found|Known)\([^"()]*(?:\([^()]*\))?[^"()]*"([a-z_]+)"', source))
    fields = set(re.findall(r'(?:given|known|lacking)\(\s*"([a-z_]+)"', source))
    clashes = set(re.findall(r'Contradiction\(\s*"([a-z_]+)"', source))
    assert len(stops) >= 7
    assert len(reasons) >= 15
    assert len(fields) >= 20
    assert len(clashes) == 8
    assert {f"stop_{code}" for code in stops} <= known
    assert reasons <= known
    assert {f"field_{name}" for name in fields} <= known
    assert {f"clash_{code}" for code in clashes} <= known
    entered = {name for shape in FORMULAS.values() for name in shape.settings}
    assert {f"field_{name}" for name in entered} <= known


def test_an_explanation_names_its_sources_and_their_time() -> None:
    """Title, publisher and as-of date of each; and never that what is good practice were a deadline."""
    sources = read({"sources.toml": files_in()["sources.toml"]}).edition.sources
    (found,) = dates("DL-03", project(cp_start="2019-11-27"))
    told = explain(found, WORDING, Lang.JA, sources)
    assert (told.kind, told.estimated, told.due) == ("規則", "推定", "2027年11月26日（金）")
    assert "8年を経過する日" in told.arithmetic
    assert any("2025-09-04" in each for each in told.sources)
    assert "2026-11-23" in told.as_of
    assert told.next
    assert told.stops
    practice = explain(dates("DL-07", project(target_round=82))[0], WORDING, Lang.EN, sources)
    assert (practice.kind, practice.estimated) == ("recommendation", "")


def test_no_practice_is_called_a_deadline() -> None:
    """In no text of a rule that is no rule of the scheme."""
    for rule in RULES.values():
        if rule.versions[-1].kind in (RuleKind.PRACTICE, RuleKind.UNVERIFIED):
            texts = [rule.next, rule.consequence, rule.basis, *(one.what for one in rule.versions[-1].steps)]
            assert not [text for text in texts if "期限です" in text[Lang.JA] or "deadline" in text[Lang.EN]]
