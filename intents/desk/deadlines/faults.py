"""Why no date can be counted at all: the office's calendar is not there, is empty, or has ended."""

from intents.desk.refused import Refused


class CalendarFault(Refused, ValueError):
    """Nothing is counted without holidays that are known: `problem` names the sentence of `wording/deadlines.toml`."""

    FIELD = "calendar.toml: horizon"

    def __str__(self) -> str:
        given = ", ".join(f"{name} {value}" for name, value in self.places.items())
        return f"{self.FIELD}: {self.problem.replace('_', ' ')} ({given})"
