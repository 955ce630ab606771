"""Organisations: who has to do with the office, and one page with everything about each."""

from collections.abc import Sequence

from starlette.responses import Response

from bot.console.looks import note_look
from bot.console.masking import readable
from bot.console.organisations_link import link_to
from bot.console.turned import nowhere
from bot.console.visit import Visit
from intents.desk.case_words import slack_text
from storage.views_organisations import Dossier, Organisation, Person, dossier, organisations

SHOWN = 100


def show(visit: Visit) -> Response:
    """Those whose name has the words that were searched for; the first hundred."""
    with visit.database.look() as connection:
        found = organisations(connection, visit.asked("q"))
    rows: Sequence[tuple[Organisation, str]] = [(one, link_to(one.name)) for one in found[:SHOWN]]
    names = {"rows": rows, "total": len(found), "q": visit.asked("q"), "shown": SHOWN}
    return visit.page("organisations.html.j2", names)


def show_one(visit: Visit) -> Response:
    """One of them; looking at what its people wrote leaves a line in the audit."""
    key = visit.place("key")
    with visit.database.look() as connection:
        found = dossier(connection, key)
    if found is None:
        raise nowhere()
    note_look(visit, f"organisation:{key}"[:60])
    with visit.staff() as staff:
        called = visit.called(staff)
    practice = visit.practice
    owed = [one for one in found.cases if one.is_open and one.promised_by]
    names = {
        "found": found,
        "people": _people(visit, found),
        "called": called,
        "owed": [(one, slack_text(one, practice, visit.now, visit.wording, visit.lang)) for one in owed],
    }
    return visit.page("organisation.html.j2", names)


def _people(visit: Visit, found: Dossier) -> list[Person]:
    """Each name and address once, whatever channel they wrote on; without a name there is nothing to show."""
    named = {(one.name, one.mail): one for one in found.people if one.name or one.mail}
    return [Person(one.name, readable(one.mail, visit.member), one.person) for one in named.values()]
