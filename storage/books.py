"""The office's books within one transaction; fulfils `intents.desk.books.Books`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from intents.desk.case_records import Case
from storage.audit import StoredAudit, fresh_trace
from storage.calendars import StoredCalendars
from storage.case_due import StoredCaseDue
from storage.case_story import StoryLine, story
from storage.cases import StoredCases
from storage.consultations import StoredConsultations
from storage.contacts import StoredContacts
from storage.database import Database
from storage.gaps import StoredGaps
from storage.knowledge_files import replace_in
from storage.looks import StoredLooks
from storage.meetings import StoredInvitations
from storage.nudges import StoredNudges
from storage.obligations import StoredObligations
from storage.offsets import StoredOffsets, StoredOutreach
from storage.post import StoredPost
from storage.projects import StoredProjects
from storage.radar import StoredRadar
from storage.readings import StoredReadings
from storage.seminars import StoredSeminars
from storage.staff import StoredStaff
from storage.successions import StoredSuccessions
from storage.surveys import StoredSurveys
from storage.tokens import StoredLinks


class StoredBooks:
    """One transaction with every store of the office; whoever opens it says `keep` at its end.

    `trace` links what is written here: audit and letters, and the event of the inbox that led to them.
    """

    def __init__(
        self, connection: Connection, database: Database, now: datetime, actor: str, trace: str = ""
    ) -> None:
        self._connection = connection
        self.now, self.actor, self.trace = now, actor, trace
        self.links = StoredLinks(connection, now)
        self.post = StoredPost(connection, database, now, self.links, trace)
        self.audit = StoredAudit(connection, database, actor, now, trace)
        self.staff = StoredStaff(connection, now)
        self.looks = StoredLooks(connection, now)
        self.seminars = StoredSeminars(connection, database, now)
        self.cases = StoredCases(connection, database, now, actor, trace)
        self.case_due = StoredCaseDue(connection, now)
        self.consultations = StoredConsultations(connection, database, now)
        self.invitations = StoredInvitations(connection, now)
        self.surveys = StoredSurveys(connection, database, now)
        self.offsets = StoredOffsets(connection, database, now)
        self.outreach = StoredOutreach(connection)
        self.gaps = StoredGaps(connection, database, now)
        self.projects = StoredProjects(connection, database, now)
        self.readings = StoredReadings(connection, now)
        self.contacts = StoredContacts(connection, database, now)
        self.calendars = StoredCalendars(connection, database, now, actor)
        self.obligations = StoredObligations(connection, database, now)
        self.nudges = StoredNudges(connection, database, now)
        self.successions = StoredSuccessions(connection, database, now)
        self.radar = StoredRadar(connection, database, now)

    def keep(self) -> None:
        """Writes down what was gathered on the way; nothing may take another lock behind it in this transaction."""
        self.links.keep()
        self.audit.keep()

    def publish_edition(self, files: Mapping[str, str]) -> str:
        """Makes these files the live edition together with everything else of this transaction; gives its name."""
        return replace_in(self._connection, files, self.now)

    def story(self, of: Case) -> tuple[StoryLine, ...]:
        """Everything that happened with one case, in order; what this transaction notes is not in it yet."""
        return story(self._connection, of)


@contextmanager
def books(database: Database, now: datetime, actor: str, trace: str = "") -> Iterator[StoredBooks]:
    """The books for staff (`staff:name`) or the clock (`clock`), committed as a whole; without a trace, a fresh one."""
    with database.begin() as connection:
        opened = StoredBooks(connection, database, now, actor, trace or fresh_trace())
        yield opened
        opened.keep()
