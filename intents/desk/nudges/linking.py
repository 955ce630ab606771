"""How somebody who looks after projects becomes known in a conversation: by a letter's link, or a code sent by mail.

To type an address proves nothing; whoever reads its mail knows the code. Six digits, fifteen minutes, five tries.
"""

from dataclasses import replace
from typing import Protocol

from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.reach import PURPOSE
from intents.desk.projects.records import Contact
from intents.messages import Reply
from knowledge.model import Lang

MINUTES, TRIES = 15, 5
CODE = "code"


class Codes(Protocol):
    """The codes of this turn's conversation."""

    def issue(self, contact: int) -> str:
        """A fresh code for a contact; older ones of this conversation are over."""
        ...

    def take(self, code: str) -> int:
        """The contact whose code it is, once; 0 for a wrong, old or too often tried one."""
        ...


def send_code(books: NudgeBooks, codes: Codes, pen: Pen, mail: str, lang: Lang) -> None:
    """Sends a code to an address that looks after projects; to another address nothing, and nobody is told which."""
    contact = books.contacts.by_mail(mail)
    if contact is None:
        books.audit.note("contact:0", "code_refused")
        return
    code = codes.issue(contact.id)
    letter = Reply(
        pen.notices.parts("project_code", lang, name=contact.name, code=code, minutes=MINUTES), lang
    )
    to = Recipient(0, "", contact.mail, lang)
    # What was asked for a moment ago is no nudge: no consent that ended holds it back.
    books.post.send(
        f"code:{contact.id}:{books.now:%Y%m%d%H%M%S%f}",
        to,
        letter,
        purpose=PURPOSE,
        due=books.now,
        mail_only=True,
        always=True,
    )
    books.audit.note(contact.subject, "code_sent")


def link(books: NudgeBooks, contact: Contact, to: Recipient, how: str) -> Contact:
    """From now on this conversation is theirs: nudges may come here, and what is written here is from them."""
    channel, _, name = to.person.partition(":")
    slack = name if channel == "slack" else contact.slack
    teams = name if channel == "teams" else contact.teams
    names = replace(contact, person=to.person, slack=slack, teams=teams)
    linked = replace(names, conversation=to.conversation, gone_at=None)
    books.contacts.save(linked)
    if how == CODE:
        # Only what was proven joins histories: a letter is passed on, and a browser is shared.
        books.contacts.prove(contact.id, to.person)
    books.nudges.seen(contact.id)
    books.audit.note(contact.subject, "linked", after={"channel": to.person.partition(":")[0]}, reason=how)
    return linked
