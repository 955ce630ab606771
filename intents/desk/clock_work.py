"""What the clock does: every half minute whatever is due, decided from the books, once however often it is asked."""

from typing import Protocol

from intents.desk import meeting_clock, seminar_clock, survey_clock
from intents.desk.clock_units import Unit
from intents.desk.consultations import Pen
from intents.desk.survey_books import SurveyBooks
from intents.notices import Notices
from knowledge.wording import Wording


class ClockBooks(SurveyBooks, Protocol):
    """The books with everything that can be due."""


def due(books: ClockBooks) -> tuple[Unit[ClockBooks], ...]:
    """What is due now: sign-ups to close, offers that lapse, reminders, surveys.

    Nothing is written and nothing locked. Each unit is for a transaction of its own, however long after, in any
    process: it does what is still due then.
    """
    return (*seminar_clock.due(books), *survey_clock.due(books), *meeting_clock.due(books))


def tick(books: ClockBooks, notices: Notices, wording: Wording) -> None:
    """Everything that is due now, in one transaction; an office at work takes it unit by unit."""
    for unit in due(books):
        unit(books, Pen(notices, wording))
