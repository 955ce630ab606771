"""The office's books within one transaction; fulfils `intents.desk.books.Books`."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from intents.desk.books import Reachable, Recipient
from intents.desk.case_records import Case
from intents.messages import Reply, RunCommand
from storage import consents
from storage import outbox as letters
from storage.audit import StoredAudit, fresh_trace
from storage.case_due import StoredCaseDue
from storage.case_story import StoryLine, story
from storage.cases import StoredCases
from storage.consultations import StoredConsultations
from storage.database import Database
from storage.gaps import StoredGaps
from storage.knowledge_files import replace_in
from storage.meetings import StoredInvitations
from storage.offsets import StoredOffsets, StoredOutreach
from storage.seminars import StoredSeminars
from storage.staff import StoredStaff
from storage.surveys import StoredSurveys
from storage.tables import conversation, outbox
from storage.tokens import StoredLinks

# Channels on which the desk can say something unasked.
REACHED = frozenset({"web", "slack"})
SLACK, MAIL = "slack", "mail"


class StoredPost:
    """Letters put into the outbox."""

    def __init__(self, connection: Connection, database: Database, now: datetime, trace: str = "") -> None:
        self._connection, self._database, self._now = connection, database, now
        self._trace = trace

    def send(
        self,
        key: str,
        to: Recipient,
        letter: Reply,
        *,
        purpose: str,
        due: datetime,
        mail_only: bool = False,
        always: bool = False,
    ) -> int:
        """Puts a letter into the outbox for each way to reach them; gives the number of ways.

        Who has withdrawn their consent to the purpose gets no letter; `always` is for what they must know even
        so, such as that a seminar is cancelled, and no withdrawal takes it back.
        """
        if not always and consents.has_withdrawn(self._connection, to.person, purpose):
            return 0
        ways = {} if mail_only else self._chat(to)
        if to.mail and (always or not self._unsubscribed(to.mail, purpose)):
            ways[MAIL] = {"mail": to.mail} | ({} if always else self._leave(to, purpose))
        for channel, address in ways.items():
            letters.put(
                self._connection,
                self._database,
                f"{key}:{channel}",
                channel,
                address,
                letter,
                due,
                self._now,
                person=to.person,
                purpose=None if always else purpose,
                trace=self._trace or None,
            )
        return len(ways)

    def _unsubscribed(self, mail: str, purpose: str) -> bool:
        return consents.has_withdrawn(self._connection, consents.by_mail(mail), purpose)

    def _leave(self, to: Recipient, purpose: str) -> dict[str, str]:
        """The token that ends the letters of a purpose, for the header in which mail programs look for it."""
        given = {"purpose": purpose, "person": to.person, "mail": to.mail}
        stop = RunCommand("reminder.stop", given=given)
        return {"unsubscribe": StoredLinks(self._connection, self._now).issue(stop)}

    def _chat(self, to: Recipient) -> dict[str, dict[str, str]]:
        where = select(conversation.c.channel, conversation.c.key, conversation.c.address)
        row = self._connection.execute(where.where(conversation.c.id == to.conversation)).one_or_none()
        if row is None or row.channel not in REACHED:
            return {}
        return {row.channel: _unasked(row.address or {}, to.person)}

    def tell(self, key: str, member: Reachable, letter: Reply) -> int:
        """Puts a letter to one of staff into the outbox for each way to reach them; gives the number of ways."""
        ways: dict[str, dict[str, str]] = {}
        if member.slack:
            # Slack takes a person for the conversation with them.
            ways[SLACK] = {"channel": member.slack.rpartition(":")[2]}
        if member.mail:
            ways[MAIL] = {"mail": member.mail}
        for channel, address in ways.items():
            whole = (f"{key}:{channel}", channel, address, letter, self._now, self._now)
            letters.put(self._connection, self._database, *whole, trace=self._trace or None)
        return len(ways)

    def told(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which one of staff was written to, sent or not."""
        ways = {f"{key}:{channel}": key for key in keys for channel in (SLACK, MAIL)}
        found = self._connection.scalars(select(outbox.c.key).where(outbox.c.key.in_(list(ways))))
        return frozenset(ways[key] for key in found)

    def drop(self, keys_begin: str) -> int:
        """Takes back letters that have not left, by the beginning of their keys; gives their number."""
        mine = and_(outbox.c.key.startswith(keys_begin, autoescape=True), outbox.c.state == "due")
        return self._connection.execute(update(outbox).where(mine).values(state="dropped")).rowcount


def _unasked(last: Mapping[str, str], person: str) -> dict[str, str]:
    """Where to say something later: where others look on, to the person; a channel need not know."""
    if "user" in last:
        return {"channel": person.rpartition(":")[2]}
    return {"channel": last["home"]} if "home" in last else dict(last)


class StoredBooks:
    """One transaction with every store of the office; whoever opens it keeps the audit at its end.

    `trace` links what is written here: audit and letters, and the event of the inbox that led to them.
    """

    def __init__(
        self, connection: Connection, database: Database, now: datetime, actor: str, trace: str = ""
    ) -> None:
        self._connection = connection
        self.now, self.actor, self.trace = now, actor, trace
        self.post = StoredPost(connection, database, now, trace)
        self.links = StoredLinks(connection, now)
        self.audit = StoredAudit(connection, database, actor, now, trace)
        self.staff = StoredStaff(connection, now)
        self.seminars = StoredSeminars(connection, database, now)
        self.cases = StoredCases(connection, database, now, actor, trace)
        self.case_due = StoredCaseDue(connection, now)
        self.consultations = StoredConsultations(connection, database, now)
        self.invitations = StoredInvitations(connection, now)
        self.surveys = StoredSurveys(connection, database, now)
        self.offsets = StoredOffsets(connection, database, now)
        self.outreach = StoredOutreach(connection)
        self.gaps = StoredGaps(connection, database, now)

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
        opened.audit.keep()
