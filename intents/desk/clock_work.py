"""What the clock does: each minute everything that is due, decided from the books, once however often it is asked."""

from intents.desk import seminar_clock
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_buttons import letters_with_buttons
from intents.notices import Notices
from knowledge.wording import Wording


def tick(books: SeminarBooks, notices: Notices, wording: Wording) -> None:
    """Closes sign-ups, lets offers lapse and offers the seats on, sends reminders."""
    seminar_clock.tick(books, letters_with_buttons(books.links, notices, wording))
