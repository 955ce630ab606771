"""One case: how it stands, its whole story, and a form for everything that this person may do to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from bot.console.case_page import names_for
from bot.console.looks import note_look
from bot.console.references import REFERENCE, sent_with
from bot.console.turned import nowhere
from bot.console.visit import Visit
from intents.desk.case_forms import CaseOffice, Wrong, perform
from intents.desk.case_records import Case
from intents.desk.case_rules import CaseAct
from intents.desk.case_words import refusal_text
from intents.desk.refused import Refused
from storage.books import StoredBooks
from storage.cases import StoredCases

# The form was sent before, with another text.
SAID = "said"
# These need not know what has happened meanwhile: they overwrite nothing and nobody hears of them twice.
BLIND = frozenset({CaseAct.NOTE, CaseAct.TAKE})


@dataclass(frozen=True, slots=True)
class Try:
    """An act that was not done: what was typed, what is wrong with it, and why it was refused."""

    act: CaseAct | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200


def show(visit: Visit) -> Response:
    """The page of a case; looking leaves a line in the audit."""
    return _page(visit, visit.place("number"), Try())


def act(visit: Visit) -> Response:
    """Does something to a case. What is refused stands on the page with what was typed."""
    name = visit.place("act")
    if name not in list(CaseAct):
        raise nowhere()
    wanted, number = CaseAct(name), visit.place("number")
    given = visit.sent.plain
    _find(visit, number)
    try:
        case = _done(visit, number, wanted, given)
    except Wrong as wrong:
        return _page(visit, number, Try(wanted, given, wrong.errors, visit.say("mend"), 422))
    except Refused as refused:
        if refused.problem == SAID:
            given |= {REFERENCE: ""}
        return _page(visit, number, Try(wanted, given, {}, _why(visit, refused), 409))
    return visit.back(f"/cases/{case.number}", wanted.value)


def _done(visit: Visit, number: str, wanted: CaseAct, given: Mapping[str, str]) -> Case:
    office, reference = CaseOffice(visit.wording, visit.practice), sent_with(given)
    with visit.books() as opened:
        if not _stands(opened, number, reference, given.get("text", "")) and wanted not in BLIND:
            _check_version(opened, number, given.get("version", ""))
        return perform(opened, office, visit.member, number, wanted, given, visit.lang, reference)


def _stands(opened: StoredBooks, number: str, reference: str, text: str) -> bool:
    """Whether this very form was sent before and its text stands on the case. Refused: said, when the text is another one."""
    opened.cases.lock(number)
    found = opened.cases.note_at(reference) if reference else None
    if found and (found.author, found.text) != (opened.actor, text.strip()):
        raise Refused(SAID, number=number)
    return found is not None


def _check_version(opened: StoredBooks, number: str, seen: str) -> None:
    """What was written with an older page may no longer be what should be said. Refused: changed."""
    case = opened.cases.lock(number)
    if case and str(case.version) != seen:
        raise Refused("changed", number=number)


def _why(visit: Visit, refused: Refused) -> str:
    if refused.problem in ("changed", SAID):
        return visit.say(refused.problem)
    with visit.staff() as staff:
        return refusal_text(refused, staff, visit.wording, visit.lang)


def _find(visit: Visit, number: str) -> Case:
    """The case of exactly that number; raises Turned when there is none."""
    with visit.database.look() as connection:
        found = StoredCases(connection, visit.database, visit.now, visit.member.actor).find(number)
    if found is None or found.number != number:
        raise nowhere()
    return found


def _page(visit: Visit, number: str, tried: Try) -> Response:
    case = _find(visit, number)
    note_look(visit, case.subject)
    names = names_for(visit, case, tried.act, tried.given, tried.errors)
    return visit.page("case.html.j2", names | {"problem": tried.problem}, tried.status)
