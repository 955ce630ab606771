"""What the desk remembers of a conversation between two messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from knowledge.model import Lang

RECEIPTS, DRAFTS = 5, 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A dialog under way: its name and the text given to each question, read anew at every turn.

    `asking` is a question to be asked again although it has an answer. `notice` is the version of the purpose
    text that was shown: without one no personal answer is kept. An empty text means that the question was skipped.
    `owner` is whose dialog it is: where several people talk, the others do not answer it.
    """

    key: str
    dialog: str
    texts: Mapping[str, str] = field(default_factory=dict)
    asking: str = ""
    notice: str = ""
    owner: str = ""

    def with_texts(self, texts: Mapping[str, str]) -> "Draft":
        """The draft with these texts as well; whatever was to be asked again has been."""
        return replace(self, texts={**self.texts, **texts}, asking="")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A dialog that was submitted: by which turn, and a fingerprint of the texts."""

    draft: str
    dialog: str
    event: int
    digest: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The memory of one conversation.

    `options` are the tokens of the choices last shown, so that a typed "2" presses the second; `labels` are what
    they say, which presses them as well.
    `misses` counts the questions in a row that found no answer; `topic` is the last entry shown.
    `drafts` are the dialogs under way, the one in hand last; `receipts` those lately submitted; `spoke` is who
    spoke last, to whom the options were shown.
    """

    lang: Lang = Lang.JA
    topic: str = ""
    options: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    misses: int = 0
    drafts: tuple[Draft, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    spoke: str = ""

    def seen_by(self, person: str) -> "Conversation":
        """The memory as far as it concerns one person: their dialogs, and the options if they were shown to them."""
        own = tuple(draft for draft in self.drafts if draft.owner == person)
        # In an open dialog numbers answer its question; elsewhere anybody may pick from what was shown.
        foreign = bool(self.drafts) and self.spoke != person
        return replace(
            self, drafts=own, options=() if foreign else self.options, labels=() if foreign else self.labels
        )

    def after(self, person: str, before: "Conversation") -> "Conversation":
        """The memory to keep: what this person's turn made of it, with the dialogs of the others."""
        others = tuple(draft for draft in before.drafts if draft.owner != person)
        return replace(self, drafts=(*others, *self.drafts), spoke=person)

    @property
    def draft(self) -> Draft | None:
        """The dialog in hand."""
        return self.drafts[-1] if self.drafts else None

    def having(self, draft: Draft) -> "Conversation":
        """The memory with this draft in hand; others wait below it."""
        others = tuple(other for other in self.drafts if other.key != draft.key)
        return replace(self, drafts=(*others, draft)[-DRAFTS:])

    def without(self, draft: Draft, receipt: Receipt | None = None) -> "Conversation":
        """The memory without this draft; with a receipt it was submitted."""
        others = tuple(other for other in self.drafts if other.key != draft.key)
        receipts = (*self.receipts, receipt)[-RECEIPTS:] if receipt else self.receipts
        return replace(self, drafts=others, receipts=receipts)

    def receipt(self, draft: str) -> Receipt | None:
        """The receipt of a draft that was submitted lately."""
        return next((one for one in self.receipts if one.draft == draft), None)
