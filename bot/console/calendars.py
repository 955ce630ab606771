"""The dates that staff enter: committee rounds, windows with the share that is gone, and the rules with their settings.

A form carries what somebody saw; what has changed meanwhile is shown beside what was typed.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from starlette.responses import Response

from bot.clock import tokyo_day
from bot.console.calendar_names import Try, names_for
from bot.console.numbers import whole_number
from bot.console.turned import nowhere
from bot.console.visit import MOST, Visit
from bot.project_words import Words
from intents.desk.projects import rounds, settings
from intents.desk.projects.entered import closing, day, levels, per_cent, read
from intents.desk.projects.records import Round, Window, WindowKind
from intents.desk.refused import Refused
from intents.readers.register import EARLIEST, LATEST, committee_round, line, whole
from knowledge.reminders import load_rules
from storage.books import StoredBooks

CHANGED = "changed_meanwhile"
Given = Mapping[str, str]


def show(visit: Visit) -> Response:
    """Everything that was entered."""
    return _page(visit, Try())


def do(visit: Visit) -> Response:
    """Enters a round or a window, the share of one that is gone, or closes it."""
    act = visit.place("act")
    if act not in ACTS:
        raise nowhere()
    given = visit.sent.plain
    return _tried(
        visit, _form_of(act, given), f"calendar_{act}", lambda opened: ACTS[act](opened, visit, given)
    )


def _form_of(act: str, given: Given) -> str:
    """Which of the page's forms it is: each round and each window has its own."""
    known = given.get("known", "")
    return f"{act}-{known}" if known else act


def rule(visit: Visit) -> Response:
    """Switches a rule, or enters what it needs from the office."""
    wanted, given = visit.place("rule"), visit.sent.plain
    if wanted not in load_rules():
        raise nowhere()
    return _tried(visit, f"rule-{wanted}", "calendar_rule", lambda opened: _rule(opened, wanted, given))


def _rule(opened: StoredBooks, wanted: str, given: Given) -> None:
    rules = load_rules()
    if switch := given.get("switch"):
        settings.switch(opened, rules, wanted, on=switch == "on", seen=given.get("seen") == "on")
        return
    for one in rules[wanted].settings:
        text, seen = given.get(one.name, ""), given.get(f"seen_{one.name}", "")
        settings.enter(opened, rules, wanted, one.name, text, seen)


def _tried(visit: Visit, form: str, done: str, work: Callable[[StoredBooks], object]) -> Response:
    try:
        with visit.books() as opened:
            work(opened)
    except Refused as refused:
        problem = Words(visit.wording, visit.lang).refusal(refused)
        at = str(refused.places.get("field", ""))
        stale = refused.problem == CHANGED
        return _page(visit, Try(form, visit.sent.plain, {at: problem} if at else {}, problem, 409, stale))
    return visit.back("/calendar", done)


def _page(visit: Visit, tried: Try) -> Response:
    with visit.database.look() as connection:
        opened = StoredBooks(connection, visit.database, visit.now, visit.member.actor)
        names = names_for(visit, opened, tried)
    return visit.page("calendar.html.j2", names | {"problem": tried.problem}, tried.status)


# ------------------------------------------------ what the forms do


def _round(opened: StoredBooks, _: Visit, given: Given) -> None:
    number = read("number", given.get("known") or given.get("number", ""), committee_round)
    if number is None:
        raise Refused("text_missing", field="number")
    held, cutoff = (day(name, given.get(name, "")) for name in ("held_on", "cutoff"))
    wanted = Round(number, held, cutoff)
    opened.calendars.hold()
    if not given.get("known") and any(
        one.number == number and one != wanted for one in opened.calendars.rounds()
    ):
        raise Refused("round_exists", field="number", value=number)
    rounds.put_round(opened, wanted, given.get("seen"))


def _window(opened: StoredBooks, visit: Visit, given: Given) -> None:
    if given.get("kind") not in list(WindowKind):
        raise Refused("text_missing", field="kind")
    year = read("year", given.get("year", ""), lambda text: whole(text, EARLIEST.year, LATEST.year))
    new = Window(
        id=0,
        kind=WindowKind(given["kind"]),
        name=line(given.get("name", "")),
        year=year or fiscal_year(visit.now),
        announced_on=day("announced_on", given.get("announced_on", "")),
        opens_on=day("opens_on", given.get("opens_on", "")),
        closes_at=closing("closes_at", given.get("closes_at", "")),
        levels=levels("levels", given.get("levels", "")),
        source=line(given.get("source", "")),
    )
    rounds.add_window(opened, new)


def fiscal_year(now: datetime) -> int:
    """The fiscal year of a moment in Tokyo, which begins in April."""
    today = tokyo_day(now)
    return today.year - (today < date(today.year, 4, 1))


def _used(opened: StoredBooks, visit: Visit, given: Given) -> None:
    used = per_cent("used", given.get("used", ""))
    as_of = day("used_as_of", given.get("used_as_of", "")) or tokyo_day(visit.now)
    rounds.use(opened, _known(given), used, as_of, given.get("seen", ""))


def _close(opened: StoredBooks, _: Visit, given: Given) -> None:
    rounds.close(opened, _known(given), seen=given.get("seen", ""))


def _known(given: Given) -> int:
    return whole_number(given.get("known", ""), 1, MOST) or 0


ACTS: Mapping[str, Callable[[StoredBooks, Visit, Given], None]] = {
    "round": _round,
    "window": _window,
    "used": _used,
    "close": _close,
}
