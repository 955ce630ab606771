"""What a letter says in a mail: subject, plain text and simple HTML, with links where the chat has buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.plain_text import plain_text
from bot.typed import sound
from intents.appointments import spelled
from intents.messages import (
    Appointment,
    Bullets,
    Choices,
    ChoiceStyle,
    Form,
    Heading,
    Line,
    Link,
    Paragraph,
    Part,
    Reply,
    Strong,
    Text,
)
from knowledge.links import web_address
from knowledge.render import Pages
from knowledge.wording import Wording


def _followable(url: str) -> str:
    return url if url.lower().startswith("mailto:") else web_address(url)


_PAGES = Pages(Path(__file__).parent / "templates", safe_url=_followable)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter ready for its envelope."""

    subject: str
    plain: str
    html: str


def write(reply: Reply, public_url: str, wording: Wording) -> Written:
    """The letter in words; without the chat's address its choices are left out and the chat is named."""
    shown = Reply(tuple(_shown(reply, public_url, wording)), reply.lang)
    subject = _subject(reply, wording)
    names = {"lang": reply.lang.value, "subject": subject, "parts": shown.parts}
    html = _PAGES.render("letter.html.j2", names)
    return Written(subject, sound(plain_text(shown, wording)) + "\n", sound(html))


def press_url(public_url: str, token: str) -> str:
    """Where a choice is pressed outside the chat; that page must ask first, as scanners of mail follow links."""
    return f"{public_url.rstrip('/')}/press/{token}"


def _subject(reply: Reply, wording: Wording) -> str:
    heading = next((part.text for part in reply.parts if isinstance(part, Heading)), "")
    # One line, whatever a title typed by somebody holds.
    return " ".join(sound(heading).split()) or wording.say("mail.subject", reply.lang)


def _shown(reply: Reply, public_url: str, wording: Wording) -> Iterator[Part]:
    in_chat = Paragraph((Text(wording.say("mail.answer_in_chat", reply.lang)),))
    for part in reply.parts:
        match part:
            case Choices(style=ChoiceStyle.FEEDBACK):
                continue
            case Choices(prompt, options) if public_url:
                yield Paragraph((Text(prompt),))
                yield Bullets(tuple((Link(one.label, press_url(public_url, one.token)),) for one in options))
            case Choices(prompt):
                yield Paragraph((Text(prompt),))
                yield in_chat
            case Form(title):
                yield Paragraph((Strong(title),))
                yield in_chat
            case Appointment():
                yield spelled(part, reply.lang, wording)
            case _:
                yield part
    yield Paragraph(_foot(reply, public_url, wording))


def _foot(reply: Reply, public_url: str, wording: Wording) -> Line:
    automatic = Text(wording.say("mail.automatic", reply.lang))
    if not public_url:
        return (automatic,)
    return (automatic, Text(" "), Link(wording.say("mail.open_chat", reply.lang), public_url))
