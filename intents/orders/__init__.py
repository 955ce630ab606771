"""Orders that are carried out in one turn, one module per subject; the order's name leads to its function."""

from collections.abc import Callable, Iterator, Mapping

from intents.dialog import Scene
from intents.messages import Part
from intents.orders import mine, seminars

Order = Callable[[Scene, Mapping[str, str]], Iterator[Part]]
ORDERS: Mapping[str, Order] = {
    "seminar.list": seminars.list_seminars,
    "my.registrations": seminars.my_registrations,
    "seminar.accept": seminars.accept,
    "seminar.decline": seminars.decline,
    "my.cases": mine.my_cases,
    "reminder.stop": mine.withdraw,
    "data.erase": mine.erase,
}
