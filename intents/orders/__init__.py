"""Orders that are carried out in one turn, one module per subject; the order's name leads to its function."""

from collections.abc import Callable, Iterator, Mapping

from intents import handover, staff_turn
from intents.desk.case_letters import DESK_AGAIN, SETTLED
from intents.dialog import Scene
from intents.messages import Part
from intents.orders import channel, desk, home, mine, nudges, projects, seminars, successions

Order = Callable[[Scene, Mapping[str, str]], Iterator[Part]]
ORDERS: Mapping[str, Order] = {
    "seminar.list": seminars.list_seminars,
    "my.registrations": seminars.my_registrations,
    "seminar.accept": seminars.accept,
    "seminar.decline": seminars.decline,
    "my.cases": mine.my_cases,
    home.HOME: home.home,
    "reminder.stop": mine.withdraw,
    "data.erase": mine.erase,
    SETTLED: handover.settled,
    DESK_AGAIN: handover.desk_again,
    nudges.ANSWER: nudges.answer,
    nudges.UNDO: nudges.undo,
    nudges.RESUME: nudges.resume_all,
    projects.PROJECTS: projects.my_projects,
    projects.WAY: projects.choose_way,
    successions.SETTLE: successions.settle,
    channel.GONE: channel.gone,
    channel.WORKSPACE_GONE: channel.workspace_gone,
    "desk.queue": staff_turn.queue,
    "desk.login": desk.login,
    "desk.help": desk.help_,
}
