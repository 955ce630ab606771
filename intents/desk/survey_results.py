"""What came of a survey: how many answered, what they chose, and what they wrote, by theme."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from intents.desk.survey_books import SurveyBooks
from intents.desk.survey_records import Answer, Kind, Survey, SurveyQuestion
from intents.desk.surveys import event_of, respondent_of


@dataclass(frozen=True, slots=True)
class Said:
    """One text, and from whom an organiser reads it: an invited department, or nobody by name."""

    group: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was answered to one question; `mean` of a scale has two decimals, None without an answer."""

    question: SurveyQuestion
    answered: int
    counts: Mapping[str, int]
    mean: Decimal | None
    texts: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The whole: `reached` counts who was asked or answered unasked, `per_mille` of them answered (None: nobody reached)."""

    survey: Survey
    event: str
    reached: int
    answered: int
    questions: tuple[QuestionResult, ...]
    comments: tuple[Said, ...]

    @property
    def per_mille(self) -> int | None:
        """The response rate in thousandths, rounded."""
        if not self.reached:
            return None
        rate = Decimal(1000 * self.answered) / self.reached
        return int(rate.quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def themes(self) -> Mapping[str, tuple[Said, ...]]:
        """What was written to the questions of each theme, in the order of the questions; no theme is ''."""
        found: dict[str, tuple[Said, ...]] = {}
        for one in self.questions:
            if one.question.kind is Kind.TEXT:
                found[one.question.theme] = (*found.get(one.question.theme, ()), *one.texts)
        return found


def results(books: SurveyBooks, survey: Survey) -> Results:
    """The answers that count, as of now."""
    answers = books.surveys.answers(survey.id)
    groups = {one.respondent: _group(books, survey, one.respondent) for one in answers}
    reached = {one.respondent for one in books.surveys.asked(survey.id)} | groups.keys()
    return Results(
        survey,
        event_of(books, survey).title,
        reached=len(reached),
        answered=len(answers),
        questions=tuple(
            _result(question, str(number), answers, groups)
            for number, question in enumerate(survey.questions, 1)
        ),
        comments=tuple(Said(groups[one.respondent], one.comment) for one in answers if one.comment),
    )


def _group(books: SurveyBooks, survey: Survey, respondent: str) -> str:
    found = respondent_of(books, survey, respondent)
    return found.group if found else ""


def _result(
    question: SurveyQuestion, number: str, answers: Sequence[Answer], groups: Mapping[str, str]
) -> QuestionResult:
    given = [(groups[one.respondent], one.answers[number]) for one in answers if one.answers.get(number)]
    counted = Counter(value for _, values in given for value in values)
    chosen = {value: counted[value] for value in question.values}
    texts = tuple(Said(group, values[0]) for group, values in given) if question.kind is Kind.TEXT else ()
    return QuestionResult(question, len(given), chosen, _mean(question, chosen), texts)


def _mean(question: SurveyQuestion, counts: Mapping[str, int]) -> Decimal | None:
    number = sum(counts.values())
    if question.kind is not Kind.SCALE or not number:
        return None
    total = Decimal(sum(int(value) * count for value, count in counts.items()))
    return (total / number).quantize(Decimal("0.01"), ROUND_HALF_UP)
