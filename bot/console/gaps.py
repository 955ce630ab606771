"""What people ask in vain: the open gaps, a proposal for each, and a second person who publishes or refuses it."""

from collections.abc import Mapping
from datetime import date, datetime

from starlette.responses import Response

from bot.clock import tokyo_day
from bot.console import gap_form
from bot.console.looks import note_look_at_list
from bot.console.nearest import NEAREST
from bot.console.numbers import whole_number
from bot.console.turned import nowhere
from bot.console.visit import MOST, Visit
from intents.desk import gaps as rules
from intents.desk.case_forms import Wrong
from intents.desk.gap_books import Asked, Decision, ProposalState
from intents.desk.gap_edition import applied
from intents.desk.refused import Refused
from knowledge.addition_fault import AdditionFault
from storage import knowledge_files
from storage.gaps import StoredGaps

SUBJECTS = ("console", "gaps")
SHOWN = 100
# Grouping costs more than its share with each question; who asked long ago asks again if it still matters.
NEWEST = 1000


class _Newest(StoredGaps):
    """The gaps with the newest of what was asked."""

    full = False

    def asked(self, since: datetime) -> tuple[Asked, ...]:
        """The newest questions since then, the oldest first."""
        every = super().asked(since)
        self.full = len(every) > NEWEST
        return every[-NEWEST:]


def show(visit: Visit) -> Response:
    """The gaps that nobody has decided about, and the proposals that wait for a second person.

    Looking leaves a line in the audit: the questions stand there as people wrote them.
    """
    return _page(visit)


def _page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    mind, nearest = visit.house.live.current(), NEAREST.by(visit.house.live.current(), _today(visit))
    note_look_at_list(visit, "gaps")
    with visit.database.look() as connection:
        store = _Newest(connection, visit.database, visit.now)
        found = rules.open_gaps(store, nearest, visit.now - rules.LOOK_BACK)
        waiting = [one for one in store.proposals() if one.state is ProposalState.PROPOSED]
    with visit.staff() as staff:
        called = visit.called(staff)
    entries = mind.edition.entries
    names = {
        "gaps": found[:SHOWN],
        "total": len(found),
        "newest": NEWEST if store.full else 0,
        "waiting": waiting,
        "called": lambda actor: called(actor.removeprefix("staff:")),
        "asks": lambda entry: entries[entry].question.in_(visit.lang) if entry in entries else entry,
        "decisions": [one.value for one in Decision],
        "problem": problem,
    }
    return visit.page("gaps.html.j2", names, status)


def _today(visit: Visit) -> date:
    return tokyo_day(visit.now)


# ------------------------------------------------ proposing


def draft(visit: Visit) -> Response:
    """The form of a proposal, begun with what the gap tells."""
    given = {name: visit.asked(name) for name in ("decision", "events", "text", "entry")}
    return _form(visit, given | gap_form.begun(given, visit.lang, _today(visit)))


def propose(visit: Visit) -> Response:
    """Keeps a proposal for a second person; what could not be published is not kept, and stands here to be mended."""
    given = visit.sent.plain
    try:
        new = gap_form.read(visit, given)
        # Nobody should be asked to publish what the product's own checks refuse.
        applied(knowledge_files.load(visit.database), new, _today(visit))
        with visit.books() as opened:
            rules.propose(opened, new)
    except Wrong as wrong:
        return _form(visit, given, wrong.errors, visit.say("mend"), 422)
    except AdditionFault as fault:
        return _form(visit, given, {}, fault.text(visit.wording, visit.lang), 422)
    except Refused as refused:
        return _form(visit, given, {}, visit.refusal(refused, *SUBJECTS), 409)
    return visit.back("/gaps", "gap_proposed")


def _form(
    visit: Visit,
    given: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    decision = given.get("decision", "")
    if decision not in list(Decision):
        raise nowhere()
    names = {
        "decision": decision,
        "events": given.get("events", ""),
        "fields": gap_form.fields(visit, Decision(decision), given, errors or {}),
        "problem": problem,
    }
    return visit.page("gap_new.html.j2", names, status)


# ------------------------------------------------ deciding


def decide(visit: Visit) -> Response:
    """A second person publishes a proposal, or anybody refuses it with a reason."""
    id_, act = visit.place("id"), visit.place("act")
    number = whole_number(id_, 1, MOST)
    if number is None or act not in ("publish", "refuse"):
        raise nowhere()
    try:
        done = _publish(visit, number) if act == "publish" else _refuse(visit, number)
    except Refused as refused:
        return _page(visit, visit.refusal(refused, *SUBJECTS), 409)
    except AdditionFault as fault:
        return _page(visit, fault.text(visit.wording, visit.lang), 409)
    return visit.back("/gaps", done)


def _refuse(visit: Visit, id_: int) -> str:
    with visit.books() as opened:
        rules.refuse(opened, id_, visit.sent.one("reason"))
    return "gap_refused"


def _publish(visit: Visit, id_: int) -> str:
    """The decision and the new edition in one transaction. Refused: edition_moved, as `gaps.publish`."""
    before, files = knowledge_files.live_name(visit.database), knowledge_files.load(visit.database)
    with visit.books() as opened:
        proposal = rules.publish(opened, id_)
        # The line is written now, not at the end: at the head of the record, editions are made one after the other.
        opened.audit.keep()
        if knowledge_files.live_name(visit.database) != before:
            raise Refused("edition_moved")
        opened.publish_edition(applied(files, proposal, _today(visit)))
    return "gap_published"
