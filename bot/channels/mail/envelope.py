"""A letter as a mail message (RFC 5322): headers that nobody can add to, text, HTML and calendar files."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from bot.calendar_file import ics, method
from bot.channels.mail.text import press_url, write
from bot.typed import sound
from intents.messages import Appointment
from knowledge.wording import Wording
from storage.outbox import Letter

# Letters of every script and lines of any length pass every server in base64.
_CODING = "base64"
_TOKEN = re.compile(r"[\w-]{1,100}", re.ASCII)


class BadAddress(ValueError):
    """Not one address that a mail can be sent to; the text does not repeat it."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all mails of a desk share: its sender, the address of the chat (empty: none), and the wording."""

    sender: Address
    public_url: str
    wording: Wording


def address(written: str) -> Address:
    """One address, with or without a name before it; raises BadAddress."""
    name, spec = parseaddr(written)
    try:
        if not spec or written != sound(written) or "\n" in written:
            raise BadAddress("not one mail address")
        return Address(name, addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as fault:
        raise BadAddress("not one mail address") from fault


def compose(letter: Letter, stationery: Stationery, now: datetime) -> EmailMessage:
    """The whole mail. Raises BadAddress."""
    written = write(letter.body, stationery.public_url, stationery.wording)
    message = EmailMessage(policy=SMTP)
    message["From"] = stationery.sender
    message["To"] = address(letter.address.get("mail", ""))
    message["Subject"] = written.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(letter.key, stationery.sender)
    message["Auto-Submitted"] = "auto-generated"
    leave = letter.address.get("unsubscribe", "")
    if stationery.public_url and _TOKEN.fullmatch(leave):
        message["List-Unsubscribe"] = f"<{press_url(stationery.public_url, leave)}>"
    message.set_content(written.plain, cte=_CODING)
    message.add_alternative(written.html, subtype="html", cte=_CODING)
    _enclose(message, letter, stationery.sender.addr_spec, now)
    return message


def message_id(key: str, sender: Address) -> str:
    """The same for the same letter, so that a mail that is sent again is recognised."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{sender.domain}>"


def _enclose(message: EmailMessage, letter: Letter, organiser: str, now: datetime) -> None:
    found = [part for part in letter.body.parts if isinstance(part, Appointment)]
    files = [(ics(part, organiser, now), method(part)) for part in found]
    if len(files) == 1:
        # Mail programs offer an alternative of this type right above the text.
        ((file, asks),) = files
        message.add_alternative(file.decode(), subtype="calendar", params={"method": asks}, cte=_CODING)
    for number, (file, _) in enumerate(files, 1):
        name = "appointment.ics" if len(files) == 1 else f"appointment-{number}.ics"
        message.add_attachment(file, maintype="application", subtype="ics", filename=name)
