"""Why something cannot be added to the knowledge: what a check found, and how to mend it."""

from collections.abc import Iterable

from knowledge.complaints import Complaint
from knowledge.model import Lang
from knowledge.wording import Wording, load_wording


class AdditionFault(ValueError):
    """Nothing was added: each complaint names a file, a field and what is wrong with it."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(self.text(load_wording(), Lang.EN))

    def text(self, wording: Wording, lang: Lang) -> str:
        """One line a complaint, with what to do where that is known for the field."""
        return "\n".join(one.text(wording, lang) + _fix(one, wording, lang) for one in self.complaints)


def _fix(complaint: Complaint, wording: Wording, lang: Lang) -> str:
    key = f"gaps.fix_{complaint.field.partition('.')[0]}"
    return wording.say("gaps.fix", lang, text=wording.say(key, lang)) if key in wording.texts else ""
