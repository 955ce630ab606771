"""What tests of the simulation share: a few weeks of some projects, and an office that sends nothing."""

from datetime import date
from functools import cache

from bot.simulation.plan import Areas, Plan, Troubles
from intents.desk import clock_work
from intents.desk.nudges import sending
from intents.desk.nudges.setting import Setting
from knowledge.model import Edition
from knowledge.reader import files_in, read

CALM = Troubles(0, 0, 0, 0, outage_days=0, kill_days=0, standstills=0)
WEEKS = Plan(date(2026, 4, 1), date(2026, 4, 24), 1, 20, CALM)


@cache
def edition() -> Edition:
    """What dates and letters are made with."""
    files = files_in()
    return read({name: files[name] for name in ("calendar.toml", "sources.toml", "facts.toml")}).edition


def module(area: object) -> str:
    """Where an area of the clock stands."""
    return str(getattr(area, "func", area).__module__)


def nothing_is_sent(setting: Setting) -> Areas:
    """An office whose nudges nobody sends."""
    return [area for area in clock_work.areas(setting) if module(area) != sending.__name__]
