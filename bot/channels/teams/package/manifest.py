"""The app's manifest and its English file as Microsoft's schema wants them."""

from collections.abc import Mapping
from typing import Any

from bot.channels.teams.package.details import Details
from knowledge.model import Lang
from knowledge.wording import Wording

MANIFEST, ENGLISH = "manifest.json", "en.json"
COLOR, OUTLINE = "color.png", "outline.png"
SCHEMA_VERSION = "1.30"
_SCHEMAS = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}"
# The ground of color.png.
_ACCENT = "#1f6b4a"
# What the menu of each place offers. Where others read along, nothing that is about one person.
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "personal": (
        "help",
        "consultation",
        "methodology",
        "seminars",
        "projects",
        "registrations",
        "cases",
        "person",
    ),
    "team": ("help", "methodology", "seminars", "person"),
    "groupChat": ("help", "methodology", "seminars", "person"),
}


def manifest(details: Details, wording: Wording) -> dict[str, Any]:
    """The manifest in Japanese; `english` says the same for everybody whose Teams is not Japanese."""
    page = f"https://{details.domain}/"
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": details.version,
        "id": details.app_id,
        "localizationInfo": {
            "defaultLanguageTag": Lang.JA.value,
            "additionalLanguages": [{"languageTag": Lang.EN.value, "file": ENGLISH}],
        },
        "developer": {
            "name": _say("developer", Lang.JA, wording),
            # The desk has one public page; each consent shows its own purpose text.
            "websiteUrl": page,
            "privacyUrl": page,
            "termsOfUseUrl": page,
        },
        "name": _names(details, Lang.JA, wording),
        "description": _descriptions(Lang.JA, wording),
        "icons": {"color": COLOR, "outline": OUTLINE},
        "accentColor": _ACCENT,
        "bots": [_bot(details, wording)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [details.domain],
        "defaultInstallScope": "personal",
        # A staff channel is a private one; Teams lets only apps in that say so.
        **({"supportsChannelFeatures": "tier1"} if details.triage else {}),
    }


def english(details: Details, wording: Wording) -> dict[str, str]:
    """The texts of the manifest in English, each under the path where it stands there."""
    found = {"$schema": f"{_SCHEMAS}/MicrosoftTeams.Localization.schema.json"}
    found |= {f"name.{size}": text for size, text in _names(details, Lang.EN, wording).items()}
    found |= {f"description.{size}": text for size, text in _descriptions(Lang.EN, wording).items()}
    for at, names in enumerate(_menus(details).values()):
        for place, name in enumerate(names):
            path = f"bots[0].commandLists[{at}].commands[{place}]"
            found |= {f"{path}.{part}": text for part, text in _command(name, Lang.EN, wording).items()}
    return found


def _bot(details: Details, wording: Wording) -> dict[str, Any]:
    menus = _menus(details)
    return {
        "botId": details.bot_id,
        "scopes": [*menus],
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [
            {"scopes": [scope], "commands": [_command(name, Lang.JA, wording) for name in names]}
            for scope, names in menus.items()
        ],
    }


def _menus(details: Details) -> Mapping[str, tuple[str, ...]]:
    staff = {"team": ("queue", *_COMMANDS["team"])} if details.triage else {}
    return {**_COMMANDS, **staff}


def _command(name: str, lang: Lang, wording: Wording) -> dict[str, str]:
    return {
        "title": _say(f"command_{name}", lang, wording),
        "description": _say(f"about_{name}", lang, wording),
    }


def _names(details: Details, lang: Lang, wording: Wording) -> dict[str, str]:
    if details.name:
        return {"short": details.name, "full": details.name}
    return {"short": _say("short_name", lang, wording), "full": _say("full_name", lang, wording)}


def _descriptions(lang: Lang, wording: Wording) -> dict[str, str]:
    return {"short": _say("in_short", lang, wording), "full": _say("in_full", lang, wording)}


def _say(name: str, lang: Lang, wording: Wording) -> str:
    return wording.say(f"teams_package.{name}", lang)
