"""Submitting a dialog: consent and command together or not at all, and what is remembered of it."""

from collections.abc import Mapping

from intents.conversation import Draft, Receipt
from intents.dialog import Dialog, Filed, Scene, Sorry, Survey, digest, survey
from intents.messages import Appointment, Part


def submitted(dialog: Dialog, draft: Draft, found: Survey, scene: Scene) -> Filed | Sorry:
    """Carries the command out; what it wrote before it had to say sorry is not kept."""

    def carry_out() -> Filed | Sorry:
        # Consent comes first: letters of the command look at it.
        # Only where it was asked for: changing a seat is not agreeing anew.
        if dialog.purpose and found.answers.get("consent"):
            mail = found.answers.get("mail") or ""
            scene.work.people.agree(dialog.purpose, draft.notice, mail)
        return dialog.submit(dialog.command(**found.answers), scene)

    outcome = scene.work.attempt(carry_out, lambda result: isinstance(result, Filed))
    if isinstance(outcome, Filed):
        told = {one.question.name: one.text for one in found.asked if one.question.known and one.text}
        scene.work.people.remember(told)
        return Filed(tuple(part for part in outcome.parts if not _private(part, scene)))
    return outcome


def _private(part: Part, scene: Scene) -> bool:
    """A date with its joining link is for the person; where others read along it comes by mail only."""
    return scene.work.overheard and isinstance(part, Appointment)


def receipt_of(dialog: Dialog, draft: Draft, found: Survey, scene: Scene) -> Receipt:
    """What is remembered of a submitted dialog."""
    return Receipt(draft.key, dialog.name, scene.work.event, digest(dialog, found))


def says_the_same(dialog: Dialog | None, fields: Mapping[str, str], receipt: Receipt, scene: Scene) -> bool:
    """Whether a form that arrives late says what was submitted."""
    return dialog is not None and digest(dialog, survey(dialog, fields, scene)) == receipt.digest
