"""What staff ask in a survey, in a TOML file, read and checked field by field."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.seminar_file import moment
from intents.desk.refused import Refused
from intents.desk.seminar_records import Seminar
from intents.desk.survey_clock import AFTER_EVENT
from intents.desk.survey_records import QUESTION_LIMIT, Kind, NewSurvey, SurveyMoment, SurveyQuestion

TEMPLATE = """\
# A survey for `jdesk survey create --file`; times are Tokyo time. Leave out what does not apply.
title = "About the seminar"
subject = "S-0001"                # the seminar or meeting that it is about
moment = "after"                  # after; or before: what prepares a meeting
closes = "2027-02-05 17:00"

# 1 to 8 questions: scale (1 to 5), one, several, text
[[questions]]
text = "How useful was it?"
kind = "scale"
low = "not at all"
high = "very"
required = true

[[questions]]
text = "What would you like to do next?"
kind = "several"
options = ["Consultation", "Another seminar", "Nothing for now"]

[[questions]]
text = "What should we change?"
kind = "text"
theme = "improvement"             # texts are read together by theme
"""
TITLE_LIMIT, OPTION_LIMIT, OPTION_LENGTH = 200, 20, 100
_FIELDS = ("title", "subject", "moment", "closes", "questions")
_QUESTION_FIELDS = ("text", "kind", "options", "low", "high", "theme", "required")


def fields_at(file: Path) -> Mapping[str, object]:
    """The fields of a TOML file. Refused: file_broken, field_unknown, field_missing."""
    try:
        found = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise Refused("file_broken", file=file, why=fault) from fault
    _known(found, _FIELDS, "")
    for name in _FIELDS:
        if name != "moment" and found.get(name) in (None, ""):
            raise Refused("field_missing", field=name)
    return found


def read_survey(given: Mapping[str, object], event: Seminar, now: datetime) -> NewSurvey:
    """The survey that the fields describe; Refused with the first field that is wrong and how to mend it."""
    when = _moment(given.get("moment", "after"))
    closes = moment("closes", given["closes"])
    _check_times(when, closes, event, now)
    return NewSurvey(
        title=_text("title", given["title"], TITLE_LIMIT),
        seminar=event.id,
        closes_at=closes,
        questions=_questions(given["questions"]),
        moment=when,
    )


def _moment(value: object) -> SurveyMoment:
    if str(value) not in tuple(SurveyMoment):
        raise Refused("field_one_of", field="moment", value=value, options=", ".join(SurveyMoment))
    return SurveyMoment(str(value))


def _check_times(when: SurveyMoment, closes: datetime, event: Seminar, now: datetime) -> None:
    if closes <= now:
        raise Refused("field_future", field="closes")
    first = event.ends_at + AFTER_EVENT
    if when is SurveyMoment.AFTER and closes <= first:
        raise Refused("closes_early", **{"from": first})
    if when is SurveyMoment.BEFORE and event.starts_at <= now:
        raise Refused("event_over", number=event.number, title=event.title)


def _questions(value: object) -> tuple[SurveyQuestion, ...]:
    rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if not 1 <= len(rows) <= QUESTION_LIMIT:
        raise Refused("questions_count", limit=QUESTION_LIMIT, count=len(rows))
    return tuple(_question(row, f"questions[{number}]") for number, row in enumerate(rows, 1))


def _question(row: Mapping[str, object], field: str) -> SurveyQuestion:
    _known(row, _QUESTION_FIELDS, f"{field}.")
    if row.get("kind") not in tuple(Kind):
        raise Refused("question_kind", field=f"{field}.kind", kinds=", ".join(Kind))
    kind = Kind(str(row["kind"]))
    words = {
        name: _text(f"{field}.{name}", row.get(name, ""), OPTION_LENGTH) for name in ("low", "high", "theme")
    }
    text = _text(f"{field}.text", row.get("text", ""), TITLE_LIMIT)
    if not text:
        raise Refused("field_missing", field=f"{field}.text")
    options = _options(kind, row.get("options", []), f"{field}.options")
    return SurveyQuestion(
        text=text, kind=kind, options=options, required=row.get("required") is True, **words
    )


def _options(kind: Kind, value: object, field: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in value if isinstance(one, str)) if isinstance(value, list) else ()
    low = 2 if kind in (Kind.ONE, Kind.SEVERAL) else 0
    whole = isinstance(value, list) and len(found) == len(value) and "" not in found
    fits = low <= len(found) <= (OPTION_LIMIT if low else 0) and len(set(found)) == len(found)
    if not (whole and fits and all(len(one) <= OPTION_LENGTH for one in found)):
        raise Refused("question_options", field=field, limit=OPTION_LIMIT)
    return found


def _text(name: str, value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise Refused("field_text", field=name)
    if len(value.strip()) > limit:
        raise Refused("field_long", field=name, limit=limit)
    return value.strip()


def _known(row: Mapping[str, object], names: tuple[str, ...], before: str) -> None:
    for name in row:
        if name not in names:
            raise Refused("field_unknown", field=f"{before}{name}")
