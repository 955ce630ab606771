"""The rules of deadlines as files: the scheme's twenty-eight are there, and each mistake is named by file and field."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from knowledge.complaints import Complaint
from knowledge.model import Lang
from knowledge.reader import files_in, read
from knowledge.reminder_formulas import FORMULAS
from knowledge.reminder_model import ReminderRule, RuleKind, RuleSubject, Shift, Span, Unit
from knowledge.reminder_settings import read_setting
from knowledge.reminders import (
    RULES,
    ReminderFault,
    known_sources,
    load_rules,
    reminder_complaints,
    reminder_files,
)
from knowledge.wording import load_wording

FILES = reminder_files()
# What the facts (`deadlines.md` §2) say of each rule: how firm, its sources, and the distances of its notices.
FACTS: Mapping[str, tuple[str, str, str]] = {
    "DL-01": ("hard", "jcm-faq smart-energy", "-12m -6m -3m -1m -7d"),
    "DL-02": ("hard", "smart-energy", "0d"),
    "DL-03": ("hard", "smart-energy cc-40th", "-24m -12m -6m -3m -1m"),
    "DL-04": ("hard", "rinya-220810", "-24m"),
    "DL-05": ("hard", "fcbase-plan", "-2m -1m"),
    "DL-06": ("practice", "cc-40th", "-2m 1d"),
    "DL-07": ("practice", "lawinsider-gifu nakae-plan yagreen", "-120d -90d -60d"),
    "DL-08": ("office", "tenbou-22 maff-240126", "-90d -30d -14d -3d"),
    "DL-09": ("practice", "jmacc jcm-flow", "1w -7d"),
    "DL-10": ("unverified", "cc-40th", "1d 30d 90d"),
    "DL-11": ("practice", "seed-kanto-r4", "12m 18m 24m 30m"),
    "DL-12": ("office", "jcm-support-2023 jc-support-2021", "0d 1m 2m -14d -3d"),
    "DL-13": ("office", "akasaki-2025 cc-maff-2026", "14d 0d -14d -3d"),
    "DL-14": ("unverified", "murc-jver", "-90d -30d 0d"),
    "DL-15": ("practice", "pdf-shinsa-form", "1d -60d"),
    "DL-16": ("practice", "seed-kanto-r4", "0d"),
    "DL-17": ("practice", "kubota-kdi2 kajima-2022 cc-40th", "-30d 0d"),
    "DL-18": ("hard", "agrijournal agriflex", "0d 1m 2m"),
    "DL-19": ("hard", "kb-ag005 alpron-faq", "5m 0d 0d"),
    "DL-20": ("hard", "jcm-law", "-30d -16d -46d -15d"),
    "DL-21": ("hard", "jcm-law", "-60d -30d -7d"),
    "DL-22": ("unverified", "jc-account", "-2d"),
    "DL-23": ("hard", "jc-market-join", "5m 0d"),
    "DL-24": ("office", "sa-emboss rim-14-notice", "0d 0d -3d"),
    "DL-25": ("practice", "seed-kanto-r4", "-14d -3d -1d 0d 1w"),
    "DL-26": ("practice", "seed-kanto-r4", "-21d -7d 1d"),
    "DL-27": ("practice", "seed-kanto-r4", "3w -1d"),
    "DL-28": ("practice", "jcm-rule cc-40th", "0d"),
}


def _short(span: Span) -> str:
    return f"{span.amount}{ {Unit.DAYS: 'd', Unit.MONTHS: 'm', Unit.WORKING_DAYS: 'w'}[span.unit] }"


@pytest.mark.parametrize("rule", sorted(FACTS))
def test_a_rule_is_as_the_facts_have_it(rule: str) -> None:
    """Kind, sources, and every notice."""
    version = load_rules()[rule].versions[-1]
    steps = " ".join(_short(step.span) for step in version.steps)
    assert (version.kind, " ".join(version.sources), steps) == FACTS[rule]
    assert version.as_of == date(2026, 11, 23)


def test_all_rules_are_there_in_order() -> None:
    """The scheme's own, and whatever else the folder holds; each has its sources in the product's list."""
    rules = load_rules()
    assert set(RULES) <= set(rules)
    assert list(rules) == sorted(rules)
    assert all(set(one.sources) <= known_sources() for rule in rules.values() for one in rule.versions)
    assert set(known_sources()) == set(read({"sources.toml": files_in()["sources.toml"]}).edition.sources)


def test_every_text_is_there_in_both_languages() -> None:
    """And a notice asks for something."""
    for rule in load_rules().values():
        for lang in Lang:
            assert all(text[lang] for text in (rule.title, rule.basis, rule.next, rule.stops)), rule.id
            assert all(step.what[lang] for one in rule.versions for step in one.steps), rule.id
        assert bool(rule.caution[Lang.JA]) is bool(rule.caution[Lang.EN])
        assert bool(rule.consequence[Lang.JA]) is bool(rule.consequence[Lang.EN])


def test_what_is_not_confirmed_says_so() -> None:
    """A rule whose facts are marked 〔未確認〕 says 要確認 where its texts speak of it."""
    doubtful = {
        *("DL-01", "DL-03", "DL-05", "DL-08", "DL-10", "DL-12", "DL-14", "DL-15", "DL-16", "DL-21", "DL-22"),
    }
    for id_ in doubtful:
        rule: ReminderRule = load_rules()[id_]
        assert "要確認" in rule.caution[Lang.JA] + rule.consequence[Lang.JA], id_
        assert "unverified" in rule.caution[Lang.EN] + rule.consequence[Lang.EN], id_


def test_the_version_of_a_day() -> None:
    """From its first day on; none before the first."""
    rule = load_rules()["DL-04"]
    found = [rule.on(day) for day in (date(2013, 3, 31), date(2022, 8, 4), date(2022, 8, 5))]
    assert [one and one.amounts["longest_months"] for one in found] == [None, 96, 192]


def test_a_notice_moves_to_the_day_before_unless_the_file_says_otherwise() -> None:
    """Only what tells that something is over waits until it is."""
    after = {id_ for id_, rule in load_rules().items() if rule.versions[-1].shift is Shift.AFTER}
    assert after == {"DL-10"}


# ------------------------------------------------ mistakes

DL_03 = FILES["DL-03.toml"]
STEP = '[[versions.steps]]\nname = "again"\nat = "{at}"\nwhat.ja = "x"\nwhat.en = "x"\n'
VERSION = (
    '\n[[versions]]\nvalid_from = {on}\nkind = "hard"\nformula = "period_end"\n'
    'amounts = {{ months = 96 }}\nsources = ["cc-40th"]\nas_of = 2026-11-23\n'
)


def _complaints(old: str, new: str, file: str = "DL-03.toml") -> list[Complaint]:
    text = FILES[file]
    assert old in text
    return list(reminder_complaints({**FILES, file: text.replace(old, new, 1)}))


@pytest.mark.parametrize(
    ("old", "new", "field", "problem", "meant"),
    [
        ('kind = "hard"', 'kind = "hart"', "versions.1.kind", "link_to_nothing", "hard"),
        ('subject = "project"', 'subject = "projekt"', "subject", "link_to_nothing", "project"),
        ('subject = "project"', 'subject = "office"', "subject", "link_to_nothing", ""),
        ('"not_forest"', '"no_forest"', "applies", "link_to_nothing", "not_forest"),
        ('"not_forest"', '"AG-5"', "applies", "link_to_nothing", ""),
        (
            'formula = "period_end"',
            'formula = "periode_end"',
            "versions.1.formula",
            "link_to_nothing",
            "period_end",
        ),
        ('"cc-40th"', '"cc-41th"', "versions.1.sources", "link_to_nothing", "cc-40th"),
        ('["smart-energy", "cc-40th"]', "[]", "versions.1.sources", "rule_needs_source", ""),
        ('at = "-12 months"', 'at = "-12 mnths"', "versions.1.steps.2.at", "bad_span", "months"),
        ('at = "-12 months"', 'at = "soon"', "versions.1.steps.2.at", "bad_span", ""),
        ('at = "-12 months"', 'at = "-24 months"', "versions.1.steps.2.at", "same_step", ""),
        ('name = "m12"', 'name = "m24"', "versions.1.steps.2.name", "same_step", ""),
        ('name = "m12"', 'nam = "m12"', "versions.1.steps.2.nam", "unknown_key", "name"),
        (
            'at = "-12 months"',
            'at = "-12 months"\nfrom = "deu"',
            "versions.1.steps.2.from",
            "link_to_nothing",
            "due",
        ),
        (
            'kind = "hard"',
            'kind = "hard"\nholiday = "befor"',
            "versions.1.holiday",
            "link_to_nothing",
            "before",
        ),
        ("months = 96", "month = 96", "versions.1.amounts.months", "missing", ""),
        ("months = 96", "month = 96", "versions.1.amounts.month", "unknown_key", "months"),
        ("months = 96", 'months = "eight"', "versions.1.amounts.months", "wrong_type", ""),
        ("as_of = 2026-11-23", "", "versions.1.as_of", "missing", ""),
        ("title.en", "# title.en", "title.en", "missing", ""),
        ("stops.ja", "# stops.ja", "stops.ja", "missing", ""),
        ("basis.ja", "basis.jp", "basis.jp", "unknown_key", ""),
        ("enabled = true", "enabeld = true", "enabeld", "unknown_key", "enabled"),
        (
            'name = "scheme_cap_date"',
            'name = "scheme_cap"',
            "settings.scheme_cap_date",
            "missing",
            "",
        ),
        (
            'name = "scheme_cap_date"',
            'name = "scheme_cap"',
            "settings.scheme_cap",
            "unknown_key",
            "scheme_cap_date",
        ),
        ('kind = "date"', 'kind = "dates"', "settings.1.kind", "link_to_nothing", "date"),
        (
            'kind = "date"',
            'kind = "date"\ndefault = "2031-02-31"',
            "settings.1.default",
            "wrong_type",
            "",
        ),
        ('id = "DL-03"', 'id = "DL-05"', "id", "wrong_place", ""),
        ('id = "DL-03"', 'id = "DL-02"', "id", "duplicate_id", ""),
        ("[[versions]]", "[[versions]", "", "broken_toml", ""),
    ],
)
def test_a_mistake_is_named(old: str, new: str, field: str, problem: str, meant: str) -> None:
    """By file, field, what is wrong and what was probably meant; in both languages."""
    found = _complaints(old, new)
    assert ("DL-03.toml", field, problem, meant) in {
        (one.file, one.field, one.problem, one.meant) for one in found
    }
    for one in found:
        assert one.text(load_wording(), Lang.JA) != one.text(load_wording(), Lang.EN)


@pytest.mark.parametrize(
    ("on", "problem"),
    [("2013-04-01", "versions_out_of_order"), ("2012-04-01", "versions_out_of_order"), ("2025-09-04", None)],
)
def test_versions_stand_in_their_order(on: str, problem: str | None) -> None:
    """A later one is fine, one of the same day or an earlier day is not."""
    files = {**FILES, "DL-03.toml": DL_03 + VERSION.format(on=on)}
    assert [one.problem for one in reminder_complaints(files)] == ([problem] if problem else [])


@pytest.mark.parametrize(("at", "twice"), [("-24 months", True), ("0 days", False), ("-1 day", False)])
def test_two_notices_never_share_a_day(at: str, twice: bool) -> None:
    """The same distance from the same day is one notice too many."""
    files = {**FILES, "DL-03.toml": DL_03 + STEP.format(at=at)}
    assert [one.problem for one in reminder_complaints(files)] == (["same_step"] if twice else [])


@pytest.mark.parametrize("name", ["DL-3.toml", "DL-003.toml", "dl-03.toml", "deadline.toml"])
def test_a_file_that_is_no_rule_is_named(name: str) -> None:
    """With the rule that is missing meanwhile."""
    files = {file: text for file, text in FILES.items() if file != "DL-03.toml"}
    found = {(one.file, one.problem) for one in reminder_complaints({**files, name: DL_03})}
    assert (name, "unknown_rule") in found
    gone = {(one.file, one.problem) for one in reminder_complaints(files)}
    assert gone == {("DL-03.toml", "missing")}


def test_a_rule_of_ones_own_needs_one_file_only() -> None:
    """It may use any formula with numbers of its own."""
    own = DL_03.replace('id = "DL-03"', 'id = "DL-29"').replace("months = 96", "months = 120")
    assert list(reminder_complaints({**FILES, "DL-29.toml": own})) == []


def test_two_files_for_one_rule_are_named() -> None:
    """Both files stand in the complaint."""
    (found,) = reminder_complaints({**FILES, "DL-29.toml": DL_03})
    assert (found.file, found.problem, found.places["other"]) == ("DL-29.toml", "duplicate_id", "DL-03.toml")


def test_wrong_files_are_not_used(tmp_path: Path) -> None:
    """The fault says what to mend and what was meant; the right ones load from any folder."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert load_rules(tmp_path).keys() == load_rules().keys()
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for name, text in FILES.items():
        (wrong / name).write_text(text.replace("-24 months", "-24 moons"), "utf-8")
    with pytest.raises(ReminderFault, match=r"DL-03\.toml: versions\.1\.steps\.1\.at: “-24 moons” .*months"):
        load_rules(wrong)


# ------------------------------------------------ settings


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2027-07-31", date(2027, 7, 31)),
        ("days", " 60 ", 60),
        ("month", "6", 6),
        ("month_day", "04-01", (4, 1)),
        ("month_day", "02-29", (2, 29)),
        ("weekday", "4", 4),
        ("hour", "0", 0),
    ],
)
def test_a_setting_is_read(kind: str, text: str, value: object) -> None:
    """Each kind in its own way."""
    assert read_setting(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "2027-02-30"),
        ("days", "-1"),
        ("days", "3651"),
        ("days", "６０"),
        ("month", "13"),
        ("month_day", "02-30"),
        ("month_day", "4-1"),
        ("weekday", "0"),
        ("hour", "24"),
    ],
)
def test_a_setting_that_is_none_is_refused(kind: str, text: str) -> None:
    """With what was typed."""
    with pytest.raises(ValueError, match=r"\d|month|day"):
        read_setting(kind, text)


def test_every_setting_of_a_formula_is_asked_for() -> None:
    """By a rule that uses it, in both languages."""
    for rule in load_rules().values():
        wanted = {name for version in rule.versions for name in FORMULAS[version.formula].settings}
        assert {one.name for one in rule.settings} == wanted
        assert all(one.about[lang] for one in rule.settings for lang in Lang)


def test_only_what_is_sent_to_projects_is_of_projects() -> None:
    """The office's own, and those with clocks of their own, are told apart."""
    of = {kind: [id_ for id_, rule in load_rules().items() if rule.subject is kind] for kind in RuleSubject}
    assert of[RuleSubject.OFFICE] == ["DL-20", "DL-21", "DL-22", "DL-24", "DL-28"]
    assert [of[kind] for kind in (RuleSubject.SEMINAR, RuleSubject.MEETING, RuleSubject.CONSULTATION)] == [
        ["DL-25"],
        ["DL-26"],
        ["DL-27"],
    ]
    assert {rule.versions[-1].kind for rule in load_rules().values()} == set(RuleKind)
