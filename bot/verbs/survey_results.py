"""What came of a survey as text, JSON and CSV. Who answered is not named; invited departments are."""

import json
from collections.abc import Iterator, Sequence

from bot.verbs.office_desk import csv_text, say
from bot.verbs.seminar_desk import tokyo
from intents.desk.survey_books import SurveyBooks
from intents.desk.survey_records import Kind, Survey
from intents.desk.survey_results import QuestionResult, Results, Said
from intents.desk.surveys import respondent_of
from knowledge.model import Lang


def as_text(found: Results, lang: Lang) -> str:
    """The whole for a terminal."""
    return "\n".join(_lines(found, lang))


def _lines(found: Results, lang: Lang) -> Iterator[str]:
    rate = say("surveys", "rate_unknown", lang)
    if found.per_mille is not None:
        rate = f"{found.per_mille / 10:.1f}%"
    head = {"number": found.survey.number, "title": found.survey.title, "event": found.event}
    counts = {"answered": found.answered, "reached": found.reached}
    yield say("surveys", "results_head", lang, **head, **counts, rate=rate)
    for place, one in enumerate(found.questions, 1):
        if one.question.kind is not Kind.TEXT:
            yield f"{place}. {one.question.text} ({one.answered})"
            yield from _counts(one, lang)
    for theme, texts in found.themes.items():
        yield f"[{theme or say('surveys', 'no_theme', lang)}]"
        yield from _texts(texts)
    if found.comments:
        yield f"[{say('surveys', 'comments', lang)}]"
        yield from _texts(found.comments)


def _counts(one: QuestionResult, lang: Lang) -> Iterator[str]:
    if one.mean is not None:
        yield f"   {say('surveys', 'result_scale', lang, mean=one.mean)}"
    yield from (f"   {value}: {count}" for value, count in one.counts.items())


def _texts(texts: Sequence[Said]) -> Iterator[str]:
    yield from (f"   - {one.group + ': ' if one.group else ''}{one.text}" for one in texts)


def as_json(found: Results) -> str:
    """The whole for a program; `rate_per_mille` is null when nobody was reached."""
    row = {
        "number": found.survey.number,
        "title": found.survey.title,
        "event": found.event,
        "reached": found.reached,
        "answered": found.answered,
        "rate_per_mille": found.per_mille,
        "questions": [_question(one) for one in found.questions],
        "themes": {theme: _said(texts) for theme, texts in found.themes.items()},
        "comments": _said(found.comments),
    }
    return json.dumps(row, ensure_ascii=False)


def _question(one: QuestionResult) -> dict[str, object]:
    mean = None if one.mean is None else float(one.mean)
    row: dict[str, object] = {"text": one.question.text, "kind": one.question.kind, "answered": one.answered}
    return row | {"counts": dict(one.counts), "mean": mean}


def _said(texts: Sequence[Said]) -> list[dict[str, str]]:
    return [{"from": one.group, "text": one.text} for one in texts]


def as_csv(books: SurveyBooks, survey: Survey, lang: Lang) -> str:
    """A line for each answer that counts; several values stand one a line in their cell."""
    return csv_text(_rows(books, survey, lang))


def _rows(books: SurveyBooks, survey: Survey, lang: Lang) -> Iterator[Sequence[str]]:
    names = ("column_answered_at", "column_from")
    asked = [one.text for one in survey.questions]
    yield [*(say("surveys", name, lang) for name in names), *asked, say("surveys", "comments", lang)]
    for one in books.surveys.answers(survey.id):
        respondent = respondent_of(books, survey, one.respondent)
        group = respondent.group if respondent else ""
        given = ["\n".join(one.answers.get(str(place), ())) for place in range(1, len(asked) + 1)]
        yield [tokyo(one.answered_at), group, *given, one.comment]
