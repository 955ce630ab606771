"""What the clock does: every half minute whatever is due, decided from the books, once however often it is asked."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from intents.desk import (
    booking_clock,
    case_clock,
    digest,
    meeting_clock,
    seminar_clock,
    survey_clock,
    waitlist_clock,
)
from intents.desk.case_books import CaseClockBooks
from intents.desk.clock_units import Ahead, Area, Subject, once_a_look, only_if
from intents.desk.consultation_books import ConsultationBooks
from intents.desk.consultations import Pen
from intents.desk.looks import OfDesk
from intents.desk.meeting_books import MeetingBooks
from intents.desk.nudges import inheriting, office_dates, planning, radar, sending, silence, windows_clock
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.radar_books import RadarBooks
from intents.desk.nudges.setting import Setting
from intents.desk.survey_books import SurveyBooks
from intents.notices import Notices
from knowledge.wording import Wording


class ClockBooks(SurveyBooks, ConsultationBooks, CaseClockBooks, RadarBooks, Protocol):
    """The books with everything that can be due."""


def look(books: NudgeBooks) -> OfDesk:
    """What there is whatever the hour: mostly nothing, which is one question."""
    return books.looks.desk(books.now - seminar_clock.MISSED_FOR, books.now - inheriting.SETTLED)


def of_desk(seen: Callable[[ClockBooks], OfDesk]) -> tuple[Area[ClockBooks], ...]:
    """What may be due besides cases and projects, each an area of its own: what is broken of one stops no other.

    Sign-ups to close, offers that lapse, reminders, who got no seat, meetings; surveys; who still waits for a seat;
    booked times whose case is closed.
    """
    return (
        only_if(lambda books: seen(books).seminars, of_seminars),
        only_if(lambda books: seen(books).surveys, survey_clock.subjects),
        only_if(lambda books: seen(books).lines, waitlist_clock.subjects),
        only_if(lambda books: seen(books).bookings, booking_clock.subjects),
    )


def of_seminars(books: MeetingBooks) -> Iterator[Subject[MeetingBooks]]:
    """What may be due of seminars, and of meetings, which are rows of the same table: one question tells of both."""
    watched = books.seminars.watched(books.now - seminar_clock.MISSED_FOR)
    yield from seminar_clock.subjects(watched, books.now)
    yield from meeting_clock.subjects(watched, books.now)


# What needs neither the office's hours nor its rules.
AREAS: tuple[Area[ClockBooks], ...] = of_desk(look)


def areas(setting: Setting) -> tuple[Area[ClockBooks], ...]:
    """All areas, with those that ask for the office's hours and rules.

    These are promises, who fell silent, the morning's letters; and of projects: obligations are planned before they
    are told, and money that went is noticed before both.
    """
    practice = setting.practice
    # What several areas ask of one look is asked once.
    desk, projects = once_a_look(look), once_a_look(partial(silence.look, setting))
    return (
        *of_desk(desk),
        partial(case_clock.subjects, practice),
        partial(digest.subjects, practice),
        windows_clock.subjects,
        partial(planning.subjects, setting),
        partial(inheriting.subjects, desk),
        partial(sending.subjects, setting),
        partial(silence.subjects, setting, projects),
        partial(radar.subjects, setting, projects),
        partial(office_dates.subjects, setting),
    )


def tick(books: ClockBooks, notices: Notices, wording: Wording) -> None:
    """Everything of `AREAS` that is due now, in one transaction; an office at work takes it unit by unit."""
    ahead = Ahead(AREAS)
    while ahead:
        for unit in ahead.units(books):
            unit(books, Pen(notices, wording))
