"""Where somebody of the network comes from: a prefecture of the area, the state, or another body."""

from intents.readers.area import prefecture
from intents.readers.misread import Misread
from intents.readers.plain import tidy

STATE, OTHER = "国", "その他"
_STATE = ("国", "国の機関", "省庁", "state", "national")
_OTHER = ("その他", "他", "民間", "団体", "other")


def network_area(text: str) -> str:
    """The full name of a prefecture of the area, or the word for the state or for any other body."""
    typed = tidy(text).lower()
    if typed in _STATE:
        return STATE
    if typed in _OTHER:
        return OTHER
    try:
        return prefecture(text)
    except Misread as misread:
        raise Misread("network_area") from misread
