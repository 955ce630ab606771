"""What the clock does: every half minute whatever is due, decided from the books, once however often it is asked."""

from typing import Protocol

from intents.desk import meeting_clock, seminar_clock, survey_clock
from intents.desk.consultations import Pen
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.survey_books import SurveyBooks
from intents.notices import Notices
from knowledge.wording import Wording


class ClockBooks(SurveyBooks, Protocol):
    """The books with everything that can be due."""


def tick(books: ClockBooks, notices: Notices, wording: Wording) -> None:
    """Closes sign-ups, lets offers lapse and offers the seats on, reminds, sends surveys."""
    pen = Pen(notices, wording)
    seminar_clock.tick(books, letters_with_buttons(books.links, notices, wording))
    survey_clock.tick(books, pen)
    meeting_clock.tick(books, pen)
