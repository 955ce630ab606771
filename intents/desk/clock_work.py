"""What the clock does: every half minute whatever is due, decided from the books, once however often it is asked."""

from typing import Protocol

from intents.desk import meeting_clock, seminar_clock, survey_clock
from intents.desk.clock_units import Area, due
from intents.desk.consultations import Pen
from intents.desk.survey_books import SurveyBooks
from intents.notices import Notices
from knowledge.wording import Wording


class ClockBooks(SurveyBooks, Protocol):
    """The books with everything that can be due."""


# Sign-ups to close, offers that lapse, reminders, who got no seat; surveys; meetings.
AREAS: tuple[Area[ClockBooks], ...] = (seminar_clock.subjects, survey_clock.subjects, meeting_clock.subjects)


def tick(books: ClockBooks, notices: Notices, wording: Wording) -> None:
    """Everything that is due now, in one transaction; an office at work takes it unit by unit."""
    for area in AREAS:
        for unit in due(area, books):
            unit(books, Pen(notices, wording))
