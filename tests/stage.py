"""What happens around a conversation in a transcript: a line in full-width brackets, by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from intents.desk import meetings, seminars, seminars_staff, surveys
from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.meeting_records import NewInvitation
from intents.desk.seats import SeatState
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, SeminarKind, SignUp, Ways
from intents.desk.survey_records import Kind, NewSurvey, SurveyQuestion
from intents.messages import Content, Pressed, RunCommand
from intents.notices import load_notices
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON
from tests.world import DAY, WORDING, Talk

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Stage:
    """A person with the places where they talk to the office; what happens may open a letter for them."""

    database: Database
    talks: dict[str, Talk] = field(default_factory=dict)
    here: str = "web"

    @property
    def talk(self) -> Talk:
        """The conversation that goes on."""
        return self.talks.setdefault(self.here, Talk(self.database, f"c-{self.here}", self.here))

    def open_letter(self, command: str, **given: str) -> Content:
        """The button of a letter."""
        with books(self.database, NOON, "clock") as opened:
            return Pressed(opened.links.issue(RunCommand(command, given=given)))


Event = Callable[[Stage], Content | None]


def restart(stage: Stage) -> None:
    """Another process goes on."""
    stage.talk.restart()


def _goes(place: str) -> Event:
    def go(stage: Stage) -> None:
        stage.here = place

    return go


def close_seminar(stage: Stage) -> None:
    """Staff end the sign-up of the big seminar."""
    with books(stage.database, NOON, "staff:t") as opened:
        seminars_staff.set_open(opened, "S-0001", is_open=False)


def guest_cancels(stage: Stage) -> None:
    """Who had the only seat of the small seminar gives it back."""
    with books(stage.database, NOON, "staff:t") as opened:
        letters = letters_with_buttons(opened.links, load_notices(), WORDING)
        seminars.cancel(opened, letters, "R-00001")


def book_first_slot(stage: Stage) -> None:
    """Somebody else books the first time."""
    with books(stage.database, NOON, "staff:t") as opened:
        slot = opened.consultations.free()[0]
        opened.consultations.withdraw(slot.id)


def survey_letter(stage: Stage) -> Content:
    """A letter asks for the opinion of who was at a seminar yesterday."""
    with books(stage.database, NOON - 2 * DAY, "staff:t") as opened:
        number = _survey(opened)
    return stage.open_letter("survey.start", who="R-00002", survey=number)


def _survey(opened: StoredBooks) -> str:
    starts = NOON - 3 * HOUR
    held = NewSeminar(title="省エネ説明会", starts_at=starts, ends_at=starts + HOUR, capacity=9)
    seminar = opened.seminars.add(held)
    came = SignUp(to=Recipient(0, "mail:x", "k@example.jp", Lang.JA), name="小林", organisation="個人")
    opened.seminars.register(seminar.id, came, SeatState.CONFIRMED)
    questions = (
        SurveyQuestion(text="役に立ちましたか", kind=Kind.SCALE, low="いいえ", high="とても", required=True),
        SurveyQuestion(text="次にしたいこと", kind=Kind.SEVERAL, options=("個別相談", "別の説明会")),
    )
    new = NewSurvey(title="ご感想", seminar=seminar.id, closes_at=NOON + 9 * DAY, questions=questions)
    return surveys.create(opened, new).number


def invite(stage: Stage) -> str:
    """A department is invited to the meeting of the network; gives the number of the invitation."""
    with books(stage.database, NOON, "staff:t") as opened:
        meeting = opened.seminars.add(
            NewSeminar(
                title="地域ネットワーク会議",
                kind=SeminarKind.MEETING,
                starts_at=NOON + 10 * DAY,
                ends_at=NOON + 10 * DAY + 2 * HOUR,
                capacity=50,
                ways=Ways.BOTH,
                venue="さいたま新都心",
            )
        )
        one = NewInvitation(prefecture="群馬県", department="林政課", name="山田", mail="y@example.jp")
        pen = Pen(load_notices(), WORDING)
        return meetings.invite(opened, pen, meeting.number, [one])[0].number


def invitation(stage: Stage) -> Content:
    """The button of that invitation."""
    return stage.open_letter("meeting.attend", invitation=invite(stage))


def code_late(stage: Stage) -> None:
    """A quarter of an hour passes."""
    _at(stage, NOON + timedelta(minutes=16))


def in_the_evening(stage: Stage) -> None:
    """The office has closed for the day."""
    _at(stage, NOON + 8 * HOUR)


def _at(stage: Stage, moment: datetime) -> None:
    stage.talk.line = replace(stage.talk.line, clock=lambda: moment)
    for place, talk in stage.talks.items():
        stage.talks[place].line = replace(talk.line, clock=lambda: moment)


EVENTS: Mapping[str, Event] = {
    "（再起動）": restart,
    "（Slackで）": _goes("slack"),
    "（ウェブで）": _goes("web"),
    "（「制度と活用セミナー」の申込みを締め切る）": close_seminar,
    "（先客が取り消す）": guest_cancels,
    "（いちばん早い日時が埋まる）": book_first_slot,
    "（アンケートのお願いを開く）": survey_letter,
    "（ネットワーク会議の案内を開く）": invitation,
    "（16分たつ）": code_late,
    "（夜の8時になる）": in_the_evening,
}
