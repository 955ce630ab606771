"""Letters of the outbox by SMTP (RFC 5321): what the server refuses for good is parked, all else waits."""

import asyncio
import contextlib
import re
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

from bot.channels.mail.envelope import BadAddress, Stationery, address, compose
from bot.clock import Clock
from bot.delivery import Hopeless, Later
from bot.settings import Settings
from knowledge.wording import Wording
from storage.lost_letters import BOUNCED
from storage.outbox import Letter

# A letter's lease lasts a minute: a server that hangs must be given up before that.
SECONDS = 10
AT_ONCE = 8
# A server that is away is asked again each minute, for as long as it takes; that is no fault of the letter.
AWAY = 60.0
# A server that says "later" (greylisting, a full mailbox) is asked less and less often, some hours in all.
FIRST_WAIT, LONGEST_WAIT, TRIES = 60.0, 3600.0, 12
PERMANENT = 500
# What a server says of a recipient (RFC 5321, 4.2.3; RFC 7504) when it names no closer reason,
_NOBODY = frozenset({550, 551, 553, 556})
_CLOSER = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
# and the closer reasons (RFC 3463) that speak of the recipient's address: wrong, moved, switched off, and as Exchange
# Online says it. Others under the same code speak of our sender, of relaying, of the text or of a full mailbox.
_NO_SUCH = re.compile(r"5\.(1\.(?![78]\b)\d{1,3}\b|2\.1\b|4\.1 recipient address rejected)", re.IGNORECASE)


class MailSender:
    """Sends by the configured server, in threads of its own, as SMTP has no other way here."""

    def __init__(self, settings: Settings, wording: Wording, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        sender = address(settings.mail_from)
        self._stationery = Stationery(sender, settings.public_url, wording)
        self._pool = ThreadPoolExecutor(AT_ONCE, "mail")

    @property
    def pace(self) -> timedelta:
        """Mail to one address needs no pause."""
        return timedelta()

    async def send(self, letter: Letter) -> str:
        """Sends a letter and gives its Message-ID. Raises Later and Hopeless."""
        try:
            message = compose(letter, self._stationery, self._clock())
        except BadAddress as fault:
            raise Hopeless(str(fault)) from fault
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._hand_over, message)
        except (smtplib.SMTPException, OSError) as fault:
            raise _judged(fault, letter.attempts) from fault
        return str(message["Message-ID"])

    def _hand_over(self, message: EmailMessage) -> None:
        server = self._connected()
        try:
            server.send_message(message)
            # Taken is taken: whatever goes wrong in parting must not send it twice.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        host, port, tls = self._settings.smtp_host, self._settings.smtp_port, self._settings.smtp_tls
        if tls == "ssl":
            safe = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=safe)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            self._introduce(server)
        except (smtplib.SMTPException, OSError) as fault:
            server.close()
            raise _Away(str(fault)) from fault
        return server

    def _introduce(self, server: smtplib.SMTP) -> None:
        if self._settings.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self._settings.smtp_user:
            server.login(self._settings.smtp_user, self._settings.smtp_password.get_secret_value())


class _Away(smtplib.SMTPException):
    """The server does not let us in: no letter is at fault."""


def _judged(fault: smtplib.SMTPException | OSError, attempts: int) -> Later | Hopeless:
    match fault:
        case smtplib.SMTPNotSupportedError():
            return Hopeless(str(fault))
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            ((code, why),) = refused.values()
            return _answered(code, why, attempts, BOUNCED if _is_nobody(code, _text(why)) else "")
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Later(AWAY, str(fault))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=why):
            return _answered(code, why, attempts)
        case _:
            return Later(AWAY, repr(fault))


def _answered(code: int, why: bytes | str, attempts: int, lost: str = "") -> Later | Hopeless:
    text = f"{code} {_text(why)}"
    if code >= PERMANENT or attempts >= TRIES:
        return Hopeless(text, lost)
    return Later(min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT), text)


def _is_nobody(code: int, why: str) -> bool:
    """Whether the answer to a recipient says that nobody is reached there, now or later."""
    return bool(_NO_SUCH.match(why)) if _CLOSER.match(why) else code in _NOBODY


def _text(why: bytes | str) -> str:
    return why.decode("utf-8", "replace") if isinstance(why, bytes) else why
