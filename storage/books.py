"""The office's books within one transaction; fulfils `intents.desk.books.Books`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from intents.desk.books import Recipient
from intents.messages import Reply, RunCommand
from storage import consents
from storage import outbox as letters
from storage.consultations import StoredConsultations
from storage.database import Database
from storage.meetings import StoredInvitations
from storage.offsets import StoredOffsets, StoredOutreach
from storage.seminars import StoredSeminars
from storage.surveys import StoredSurveys
from storage.tables import audit, conversation, outbox
from storage.tokens import StoredLinks

# Channels on which the desk can say something unasked.
REACHED = frozenset({"web", "slack"})
MAIL = "mail"


class StoredPost:
    """Letters put into the outbox."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

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

    def drop(self, keys_begin: str) -> int:
        """Takes back letters that have not left, by the beginning of their keys; gives their number."""
        mine = and_(outbox.c.key.startswith(keys_begin, autoescape=True), outbox.c.state == "due")
        return self._connection.execute(update(outbox).where(mine).values(state="dropped")).rowcount


def _unasked(last: Mapping[str, str], person: str) -> dict[str, str]:
    """Where to say something later: where others look on, to the person; a channel need not know."""
    if "user" in last:
        return {"channel": person.rpartition(":")[2]}
    return {"channel": last["home"]} if "home" in last else dict(last)


class StoredAudit:
    """The record of changes."""

    def __init__(self, connection: Connection, actor: str, now: datetime) -> None:
        self._connection, self._actor, self._now = connection, actor, now

    def note(
        self,
        subject: str,
        action: str,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        reason: str = "",
    ) -> None:
        """Writes one line: the actor and the moment are those of this transaction."""
        line = {"at": self._now, "actor": self._actor, "subject": subject, "action": action}
        changed = {"before": before and dict(before), "after": after and dict(after), "reason": reason}
        self._connection.execute(insert(audit).values(line | changed))


class StoredBooks:
    """One transaction with every store of the office."""

    def __init__(self, connection: Connection, database: Database, now: datetime, actor: str) -> None:
        self.now, self.actor = now, actor
        self.post = StoredPost(connection, database, now)
        self.links = StoredLinks(connection, now)
        self.audit = StoredAudit(connection, actor, now)
        self.seminars = StoredSeminars(connection, database, now)
        self.consultations = StoredConsultations(connection, database, now, actor, None)
        self.invitations = StoredInvitations(connection, now)
        self.surveys = StoredSurveys(connection, database, now)
        self.offsets = StoredOffsets(connection, database, now)
        self.outreach = StoredOutreach(connection)


@contextmanager
def books(database: Database, now: datetime, actor: str) -> Iterator[StoredBooks]:
    """The books for staff (`staff:name`) or the clock (`clock`), committed as a whole."""
    with database.begin() as connection:
        yield StoredBooks(connection, database, now, actor)
