"""Who a visitor is: a signed random token that only the browser holds, and the conversation it opens."""

import hashlib
import secrets

from itsdangerous import BadSignature, Signer

COOKIE = "jdesk_session"
COOKIE_SECONDS = 30 * 24 * 3600


class Sessions:
    """Makes and reads session tokens; nothing is stored, the signature proves that a token is ours."""

    def __init__(self, secret: str, secure: bool) -> None:
        self._signer = Signer(secret, salt="jdesk.web.session", digest_method=hashlib.sha256)
        self.secure = secure

    def new(self) -> str:
        """A token of 256 random bits."""
        return self._signer.sign(secrets.token_urlsafe(32)).decode()

    def conversation(self, token: str) -> str | None:
        """The conversation that a token opens; nothing when the token is not ours."""
        try:
            inner = self._signer.unsign(token)
        except (BadSignature, UnicodeError):
            return None
        # The key is kept in the database, so it must not be the secret itself.
        return hashlib.sha256(inner).hexdigest()
