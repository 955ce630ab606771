"""What an office says about its own Teams app, checked before anything is written."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from intents.desk.refused import Refused

# Microsoft's schema: a longer short name is refused on upload.
NAME_LIMIT = 30
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label has a letter: an address in figures is no domain.
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
# Control characters, line and paragraph ends, halves of a letter.
_UNSEEN = frozenset({"Cc", "Zl", "Zp", "Cs"})
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){2}")


@dataclass(frozen=True, slots=True)
class Details:
    """One office's app: ids in lower case, a bare domain, an empty name for that of the desk.

    `triage` is for an office whose staff work cases in a channel of Teams.
    """

    app_id: str
    bot_id: str
    domain: str
    name: str = ""
    version: str = "1.0.0"
    triage: bool = False


def checked(given: Details) -> Details:
    """The same details, ready for the manifest; without a bot id, the app's own.

    Refused: id_wrong, domain_wrong, domain_meant, name_wrong, name_long, version_wrong.
    """
    app_id = _id("--app-id", given.app_id)
    return Details(
        app_id=app_id,
        bot_id=_id("--bot-id", given.bot_id) if given.bot_id else app_id,
        domain=_domain(given.domain),
        name=_name(given.name),
        version=_version(given.version),
        triage=given.triage,
    )


def _id(option: str, text: str) -> str:
    found = text.strip().lower()
    if not _GUID.fullmatch(found):
        raise Refused("id_wrong", option=option, value=text)
    return found


def _domain(text: str) -> str:
    found = text.strip().lower()
    if _DOMAIN.fullmatch(found):
        return found
    meant = _host(found)
    if _DOMAIN.fullmatch(meant):
        raise Refused("domain_meant", value=text, meant=meant)
    raise Refused("domain_wrong", value=text)


def _host(text: str) -> str:
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


def _name(text: str) -> str:
    found = text.strip()
    if any(unicodedata.category(letter) in _UNSEEN for letter in found):
        raise Refused("name_wrong", value=ascii(text))
    if len(found) > NAME_LIMIT:
        raise Refused("name_long", value=found, length=len(found), limit=NAME_LIMIT)
    return found


def _version(text: str) -> str:
    found = text.strip()
    if not _VERSION.fullmatch(found):
        raise Refused("version_wrong", value=text)
    return found
