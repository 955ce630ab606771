"""What the rules of surveys need from the books; `storage.surveys` fulfils it."""

from typing import Protocol

from intents.desk.meeting_books import MeetingBooks
from intents.desk.survey_records import Answer, Asked, NewAnswer, NewSurvey, Survey


class Surveys(Protocol):
    """The surveys and their answers within one transaction."""

    def add(self, new: NewSurvey) -> Survey:
        """Writes a survey down and gives it its number."""
        ...

    def lock(self, survey: int) -> Survey:
        """The survey as it is now; nobody else asks or answers until the transaction ends."""
        ...

    def find(self, number: str) -> Survey | None:
        """The survey of that number."""
        ...

    def listing(self) -> tuple[Survey, ...]:
        """Every survey, the newest first."""
        ...

    def running(self) -> tuple[Survey, ...]:
        """Open surveys that have not closed, in the order of their ids."""
        ...

    def save(self, survey: Survey) -> None:
        """Writes the survey down as it is now."""
        ...

    def asked(self, survey: int) -> tuple[Asked, ...]:
        """Who was asked by letter."""
        ...

    def note_asked(self, survey: int, respondent: str) -> None:
        """Keeps that somebody is asked now."""
        ...

    def note_reminded(self, survey: int, respondent: str) -> None:
        """Keeps that somebody is reminded now."""
        ...

    def answers(self, survey: int) -> tuple[Answer, ...]:
        """The answers that count, in the order in which they came."""
        ...

    def answered(self, survey: int) -> frozenset[str]:
        """The respondents whose answers count."""
        ...

    def keep(self, survey: int, new: NewAnswer) -> Answer:
        """Writes an answer down; an earlier one of the same respondent is replaced and kept."""
        ...


class SurveyBooks(MeetingBooks, Protocol):
    """The office's books with the surveys."""

    @property
    def surveys(self) -> Surveys:
        """The surveys."""
        ...
