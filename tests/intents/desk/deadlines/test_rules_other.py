"""Rules of rounds, windows, events and the year (DL-07 to DL-09, DL-11 to DL-16, DL-18 to DL-24, DL-28)."""

import pytest

from intents.desk.deadlines.records import Stop
from intents.desk.projects.records import Instrument, Period, Round, WindowKind
from tests.intents.desk.deadlines.world import (
    almanac,
    applied,
    dates,
    day,
    days,
    left,
    one,
    project,
    window,
)

SUPPORT, AGRICULTURE, AUCTION = WindowKind.SUPPORT, WindowKind.AGRICULTURE, WindowKind.AUCTION

# ------------------------------------------------ DL-07, DL-08


def test_dl_07_before_the_round_aimed_at() -> None:
    """120 days before its cut-off, with two more notices; none without a round."""
    found = one("DL-07", project(target_round=82))
    assert (found.due_on, found.kind) == (day("2026-09-10"), "practice")
    assert left(found) == {"d120": day("2026-09-10"), "d90": day("2026-10-09"), "d60": day("2026-11-09")}
    assert one("DL-07", project()).missing == ("target_round",)
    assert one("DL-07", project(target_round=83)).missing == ("cutoff",)


def test_dl_08_is_what_the_office_entered() -> None:
    """With four notices, for a project that has chosen the round."""
    found = one("DL-08", project(target_round=82))
    assert (found.due_on, found.estimated, found.kind) == (day("2027-01-08"), False, "office")
    assert left(found) == {
        "d90": day("2026-10-09"),
        "d30": day("2026-12-09"),
        "d14": day("2026-12-25"),
        "d3": day("2027-01-05"),
    }


def test_dl_08_without_a_round_shows_the_next_and_tells_nobody() -> None:
    """The same date gets its notices once the round is chosen; a day's own cut-off is the next one."""
    found = one("DL-08", project())
    assert (found.due_on, found.steps, found.reason) == (day("2027-01-08"), (), "choose_round")
    assert found.key == one("DL-08", project(target_round=82)).key
    assert one("DL-08", project(), on=day("2026-10-30")).due_on == day("2026-10-30")
    assert one("DL-08", project(), almanac(rounds=())).missing == ("committee_rounds",)
    assert one("DL-08", project(), on=day("2027-01-09")).missing == ("committee_rounds",)


@pytest.mark.parametrize("rule", ["DL-07", "DL-08"])
def test_dl_07_and_08_end_with_the_application(rule: str) -> None:
    """One that names the round, whenever it was, or one without a round between the two cut-offs."""
    named = one(rule, project(target_round=82, certifications=applied("2026-06-01", round_=82)))
    assert (named.stopped, named.steps) == (Stop("applied_in_round", day("2026-06-01")), ())
    period = Period(day("2026-01-01"), day("2026-09-30"), day("2027-01-08"), None)
    by_period = one(rule, project(target_round=82, periods=(period,)))
    assert by_period.stopped == Stop("applied_in_round", day("2027-01-08"))
    for certifications in (
        applied("2026-10-30"),
        applied("2027-01-09"),
        applied("2026-12-01", round_=81),
    ):
        assert one(rule, project(target_round=82, certifications=certifications)).stopped is None


def test_dl_08_of_the_first_round_known_is_not_ended_by_an_old_application() -> None:
    """Nobody knows where the round before it ended."""
    old = project(target_round=82, certifications=applied("2022-10-03"))
    assert one("DL-08", old, almanac(rounds=(Round(82, None, day("2027-01-08")),))).stopped is None


# ------------------------------------------------ DL-09, DL-15


def test_dl_09_the_first_cutoff_behind_the_report() -> None:
    """The next working day, and a week before; without a cut-off only the first, and no date."""
    found = one("DL-09", project(report_received_on="2026-12-04"))
    assert (found.due_on, left(found)) == (
        day("2027-01-08"),
        {"received": day("2026-12-07"), "d7": day("2026-12-28")},
    )
    bare = one("DL-09", project(report_received_on="2026-12-04"), almanac(rounds=()))
    assert (bare.due_on, left(bare), bare.missing) == (None, {"received": day("2026-12-07")}, ())
    close = one("DL-09", project(report_received_on="2027-01-06"))
    assert left(close) == {"received": day("2027-01-07")}
    assert dates("DL-09", project()) == []


def test_dl_09_ends_with_the_application() -> None:
    """Of that day or later."""
    early = project(report_received_on="2026-12-04", certifications=applied("2026-12-03"))
    assert one("DL-09", early).stopped is None
    filed = project(report_received_on="2026-12-04", certifications=applied("2026-12-04"))
    assert one("DL-09", filed).stopped == Stop("applied", day("2026-12-04"))


def test_dl_15_a_changed_plan() -> None:
    """The day after, and two months before the next cut-off where that is still ahead."""
    found = one("DL-15", project(plan_changed_on="2026-10-31"))
    assert (found.due_on, found.kind) == (day("2027-01-08"), "practice")
    assert left(found) == {"changed": day("2026-10-30"), "d60": day("2026-11-09")}
    late = one("DL-15", project(plan_changed_on="2026-11-20"))
    assert list(left(late)) == ["changed"]
    bare = one("DL-15", project(plan_changed_on="2026-11-20"), almanac(rounds=()))
    assert (bare.due_on, bare.reason) == (None, "cutoff_not_known")
    done = project(plan_changed_on="2026-10-31", certifications=applied("2026-11-02"))
    assert one("DL-15", done).stopped == Stop("applied", day("2026-11-02"))
    assert dates("DL-15", project()) == []


# ------------------------------------------------ DL-11


def test_dl_11_is_for_the_registered_and_ends_date_by_date() -> None:
    """Whoever applied on the day itself is not asked; what came before the application was asked."""
    assert dates("DL-11", project()) == []
    found = dates("DL-11", project(registration_date="2024-12-02", certifications=applied("2026-06-02")))
    assert [each.due_on for each in found] == days("2025-12-02", "2026-06-02", "2026-12-02", "2027-06-02")
    assert [bool(each.stopped) for each in found] == [False, True, True, True]
    assert [len(each.steps) for each in found] == [1, 0, 0, 0]


# ------------------------------------------------ DL-12, DL-13, DL-24


def test_dl_12_the_year_of_a_support_window() -> None:
    """Three notices in spring and two before it closes, for who has no certification."""
    open_ = window(SUPPORT, 2027, "2027-04-15", "2027-07-16 14:00")
    found = one("DL-12", project(), almanac(open_))
    assert (found.due_on, found.kind, found.about) == (day("2027-07-16"), "office", "窓")
    assert left(found) == {
        "april": day("2027-04-01"),
        "may": day("2027-04-30"),
        "june": day("2027-06-01"),
        "d14": day("2027-07-02"),
        "d3": day("2027-07-13"),
    }
    unknown = one("DL-12", project(), almanac(window(SUPPORT, 2027)))
    assert (unknown.due_on, list(left(unknown))) == (None, ["april", "may", "june"])


def test_dl_12_ends_with_the_window_or_a_certification() -> None:
    """Who was certified before its year is not spoken to at all; a year gone by is not spoken of."""
    closed = almanac(window(SUPPORT, 2026, "", "2026-07-17 14:00", "2026-06-30 12:00"))
    assert one("DL-12", project(), closed).stopped == Stop("window_closed", day("2026-06-30"))
    open_ = almanac(window(SUPPORT, 2026, "", "2026-07-17 14:00"))
    assert one("DL-12", project(certifications=applied("2026-04-01")), open_).stopped
    assert dates("DL-12", project(certifications=applied("2026-03-31")), open_) == []
    assert dates("DL-12", project(), almanac(window(SUPPORT, 2025, "", "2025-07-17 14:00"))) == []


def test_dl_13_the_call_for_agriculture() -> None:
    """In January of the year in which it opens; for methodologies of agriculture only."""
    call = window(AGRICULTURE, 2027, "2027-02-08", "2027-03-03 17:00")
    found = one("DL-13", project(methodology="AG-004"), almanac(call))
    assert found.due_on == day("2027-03-03")
    assert left(found) == {
        "january": day("2027-01-15"),
        "opens": day("2027-02-08"),
        "d14": day("2027-02-17"),
        "d3": day("2027-02-26"),
    }
    assert dates("DL-13", project(methodology="EN-S-001"), almanac(call)) == []
    over = window(AGRICULTURE, 2027, "2027-02-08", "2027-03-03 17:00", "2027-02-20 10:00")
    assert one("DL-13", project(methodology="AG-005"), almanac(over)).stopped
    early = one("DL-13", project(methodology="AG-004"), almanac(window(AGRICULTURE, 2027)))
    assert left(early) == {"january": day("2027-01-15")}


def test_dl_24_an_auction_is_the_offices() -> None:
    """Its start, and three days before its end; it ends when it is closed."""
    found = one("DL-24", None, almanac(window(AUCTION, 2026, "2026-12-07", "2026-12-14 17:00")))
    assert (found.due_on, left(found)) == (
        day("2026-12-14"),
        {"opens": day("2026-12-07"), "d3": day("2026-12-11")},
    )
    closed = window(AUCTION, 2026, "2026-12-07", "2026-12-14 17:00", "2026-12-14 17:00")
    assert one("DL-24", None, almanac(closed)).stopped == Stop("window_closed", day("2026-12-14"))


# ------------------------------------------------ DL-14, DL-23


def test_dl_14_is_off_and_speaks_of_each_instrument() -> None:
    """Two on the same day are two dates; a long name still fits into a key."""
    meters = tuple(Instrument(name, day("2027-03-31")) for name in ("電力計", "ガス計", "長" * 200))
    metered = project(instruments=meters)
    assert dates("DL-14", metered) == []
    found = dates("DL-14", metered, almanac(on=("DL-14",)))
    assert {each.about for each in found} == {meter.name for meter in meters}
    assert len({each.key for each in found}) == 3
    assert all(len(each.key) <= 80 for each in found)
    assert (found[0].kind, left(found[0])) == (
        "unverified",
        {"d90": day("2026-12-28"), "d30": day("2027-03-01"), "day": day("2027-03-31")},
    )
    renewed = project(instruments=(Instrument("電力計", day("2032-03-31")),))
    assert one("DL-14", renewed, almanac(on=("DL-14",))).due_on == day("2032-03-31")


def test_dl_23_half_a_year_after_listing() -> None:
    """Each listing has its own date; what is not listed has none."""
    listed = (*applied("2026-06-01", listed="2026-08-31"), *applied("2026-02-01", listed="2026-08-31"))
    found = dates("DL-23", project(certifications=(*listed, *applied("2026-07-01"))))
    assert [each.due_on for each in found] == days("2027-02-28", "2027-02-28")
    assert len({each.key for each in found}) == 2
    assert left(found[0]) == {"m5": day("2027-01-29"), "m6": day("2027-02-26")}


# ------------------------------------------------ DL-16, DL-18, DL-19, DL-20, DL-28


@pytest.mark.parametrize(
    ("on", "checks"),
    [
        ("2026-11-23", ["2026-10-01", "2027-04-01", "2027-10-01"]),
        ("2027-01-15", ["2027-04-01", "2027-10-01"]),
        ("2027-04-01", ["2027-04-01", "2027-10-01"]),
        ("2027-04-02", ["2027-04-01", "2027-10-01", "2028-04-03"]),
    ],
)
def test_dl_16_twice_a_year_on_a_working_day(on: str, checks: list[str]) -> None:
    """The next of each, and the last one for as long as somebody may still be asked about it."""
    found = dates("DL-16", project(), on=day(on))
    assert [each.due_on for each in found] == days(*checks)
    assert [left(each)["check"] for each in found] == days(*checks)


def test_dl_18_before_cultivation() -> None:
    """By default the first of April, an estimate until the office has entered a day; ended by registration."""
    field = project(methodology="AG-005")
    found = one("DL-18", field)
    assert (found.due_on, found.estimated, found.kind) == (day("2027-04-01"), True, "hard")
    assert left(found) == {
        "january": day("2026-12-28"),
        "february": day("2027-02-01"),
        "march": day("2027-03-01"),
    }
    entered = almanac(settings={"DL-18": {"registration_day": "02-10"}})
    early = one("DL-18", field, entered)
    assert (early.due_on, early.estimated, list(left(early))) == (
        day("2027-02-10"),
        False,
        ["january", "february"],
    )
    done = one("DL-18", project(methodology="AG-005", registration_date="2026-11-01"))
    assert (done.stopped, done.steps) == (Stop("registered", day("2026-11-01")), ())
    assert [each.due_on for each in dates("DL-18", field, on=day("2027-04-02"))] == days(
        "2027-04-01", "2028-04-01"
    )
    assert dates("DL-18", project(methodology="AG-004")) == []
    wrong = one("DL-18", field, almanac(settings={"DL-18": {"registration_day": "4月1日"}}))
    assert (wrong.missing, wrong.warnings) == (("registration_day",), ("setting_wrong",))


def test_dl_19_records_of_the_season() -> None:
    """For who is registered; the month behind heading only where the office entered one."""
    field = project(methodology="AG-005", registration_date="2026-02-02")
    found = one("DL-19", field, on=day("2027-05-06"))
    assert (found.due_on, left(found)) == (
        day("2027-07-31"),
        {"june": day("2027-06-01"), "july": day("2027-07-30")},
    )
    heading = one("DL-19", field, almanac(settings={"DL-19": {"heading_month": "8"}}), on=day("2027-09-10"))
    assert (heading.due_on, left(heading)["heading"]) == (day("2027-07-31"), day("2027-09-01"))
    winter = almanac(settings={"DL-19": {"heading_month": "12"}})
    assert left(one("DL-19", field, winter, on=day("2026-05-06")))["heading"] == day("2026-12-28")
    assert dates("DL-19", project(methodology="AG-005")) == []


def test_dl_20_the_fiscal_year_and_its_grace() -> None:
    """Four notices; the past year is spoken of until the end of June."""
    found = one("DL-20", None)
    assert (found.due_on, found.subject, found.estimated) == (day("2027-03-31"), "office", False)
    assert left(found) == {
        "march1": day("2027-03-01"),
        "march15": day("2027-03-15"),
        "may15": day("2027-05-14"),
        "june15": day("2027-06-15"),
    }
    assert len(dates("DL-20", None, on=day("2027-06-30"))) == 2
    assert len(dates("DL-20", None, on=day("2027-07-01"))) == 1


def test_dl_21_the_offices_day() -> None:
    """Nothing before it is entered."""
    assert one("DL-21", None).missing == ("report_ends",)
    found = one("DL-21", None, almanac(settings={"DL-21": {"report_ends": "2027-07-30"}}))
    assert (found.due_on, left(found)) == (
        day("2027-07-30"),
        {"d60": day("2027-05-31"), "d30": day("2027-06-30"), "d7": day("2027-07-23")},
    )


def test_dl_22_is_off_and_weekly_when_it_is_on() -> None:
    """Only with a weekday and an hour that somebody entered."""
    assert dates("DL-22", None) == []
    assert one("DL-22", None, almanac(on=("DL-22",))).missing == ("weekday", "hour")
    settings = {"DL-22": {"weekday": "4", "hour": "12"}}
    found = one("DL-22", None, almanac(settings=settings, on=("DL-22",)))
    # Tuesday is the day after a holiday, and a working day.
    assert (found.due_on, left(found)) == (day("2026-11-26"), {"d2": day("2026-11-24")})
    assert one("DL-22", None, almanac(settings=settings, on=("DL-22",)), on=day("2026-11-26")).due_on == day(
        "2026-11-26"
    )


def test_dl_28_twice_a_year() -> None:
    """On the first of April and October, the notice on a working day."""
    found = dates("DL-28", None)
    assert [each.due_on for each in found] == days("2026-10-01", "2027-04-01", "2027-10-01")
    later = dates("DL-28", None, on=day("2027-12-31"))
    assert left(later[-1]) == {"review": day("2028-09-29")}
