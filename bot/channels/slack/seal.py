"""Tokens at rest: sealed by a key that is made from the deployment's secret, so that a copy of the database is no key."""

import base64

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

log = structlog.get_logger()


class Seal:
    """Seals and opens by a secret; what another secret sealed opens to nothing."""

    def __init__(self, secret: str) -> None:
        made = HKDF(SHA256(), length=32, salt=None, info=b"jdesk slack installations")
        self._key = Fernet(base64.urlsafe_b64encode(made.derive(secret.encode())))

    def close(self, text: str) -> str:
        """The text, sealed."""
        return self._key.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again; empty where the secret has changed since, so that the app has to be installed anew."""
        try:
            return self._key.decrypt(sealed.encode()).decode()
        except InvalidToken:
            log.error("slack_token_sealed_by_another_secret")
            return ""
