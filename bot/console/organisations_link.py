"""The address of an organisation's page."""

from urllib.parse import quote

from bot.console.rights import ROOT
from intents.readers.organisation_key import organisation_key


def link_to(organisation: str) -> str:
    """Where its page is; empty for no organisation. Two ways of writing a name lead to one page."""
    return (
        f"{ROOT}/organisations/{quote(organisation_key(organisation), safe='')}"
        if organisation.strip()
        else ""
    )
