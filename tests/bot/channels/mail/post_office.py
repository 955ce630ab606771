"""A real mail server on the loopback that keeps what it is sent and refuses as it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# ruff: noqa: ARG002, N802 - the server names its hooks and what they are passed

USER, PASSWORD = "desk", "correct horse"


@dataclass
class PostOffice:
    """What came in, and the answers to the next recipients before the normal one; to every sender, to every text."""

    answers: list[str] = field(default_factory=list)
    sender: str = ""
    text: str = ""
    inbox: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuses senders as told."""
        envelope.mail_from = address
        return self.sender or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        """Refuses recipients as told."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps the mail, unless told to refuse it."""
        if self.text:
            return self.text
        content = envelope.content
        assert isinstance(content, bytes)
        found = message_from_bytes(content, policy=default)
        assert isinstance(found, EmailMessage)
        self.inbox.append(found)
        self.raw.append(content)
        self.to.append(envelope.rcpt_tos)
        return "250 kept"

    @contextmanager
    def open(self, port: int) -> Iterator[None]:
        """Takes mail at that port, after a login."""
        server = Controller(
            self,
            hostname="127.0.0.1",
            port=port,
            auth_required=True,
            auth_require_tls=False,
            authenticator=_authenticate,
        )
        server.start()
        try:
            yield
        finally:
            server.stop()


def _authenticate(_: SMTP, __: Session, ___: Envelope, mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    # Not handled here: the server itself answers.
    return AuthResult(success=known, handled=False)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
