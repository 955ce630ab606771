"""What happens around a scenario; the names are those of the transcripts where they do the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.schedule import do_due
from intents.desk import seminars_staff, surveys
from intents.desk.clock_work import areas
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import setting_of
from intents.desk.survey_records import Kind, NewSurvey, SurveyQuestion
from intents.notices import load_notices
from storage.books import books
from tests.kit import NOON
from tests.parity.house import Home
from tests.parity.player import Player
from tests.stage import close_seminar, guest_cancels
from tests.stage_projects import registered
from tests.world import DAY, WORDING

Happening = Callable[[Home, Player], None]
QUESTIONS = (
    SurveyQuestion(text="役に立ちましたか", kind=Kind.SCALE, low="いいえ", high="とても", required=True),
    SurveyQuestion(text="次にしたいこと", kind=Kind.SEVERAL, options=("個別相談", "別の説明会")),
)


def tick(home: Home, _: Player) -> None:
    """The clock does what is due."""
    setting = setting_of(home.house.pipeline.mind.current().edition)
    do_due(home.database, home.hands, Pen(load_notices(), WORDING), areas(setting))


def looks_after(home: Home, player: Player) -> None:
    """Whoever talks here looks after P-001, and wants to be told of it here."""
    known_here(home, player, registered(home.stage, "P-001", linked=False))


def known_here(home: Home, player: Player, contact: int) -> None:
    """That contact is whoever talks here, and wants to be written to here."""
    person, conversation = player.log.person()
    with books(home.database, home.hands(), "staff:sato") as opened:
        found = opened.contacts.by_id(contact)
        assert found
        opened.contacts.save(
            replace(found, person=person, conversation=conversation, ways=(player.channel, "mail"))
        )


def unknown_owner(home: Home, _: Player) -> None:
    """Somebody looks after P-001, and nobody knows yet that it is whoever talks here."""
    registered(home.stage, "P-001", linked=False)


def seminar_over(home: Home, player: Player) -> None:
    """The big seminar is over, who had a seat came, and they are asked for their opinion."""
    home.pass_time(NOON + 20 * DAY - home.begun)
    with books(home.database, home.hands(), "staff:sato") as opened:
        (seminar,) = (one for one in opened.seminars.listing() if one.title == "制度と活用セミナー")
        home.pass_time(DAY)
        new = NewSurvey(title="ご感想", seminar=seminar.id, closes_at=NOON + 40 * DAY, questions=QUESTIONS)
        surveys.create(opened, new)
    with books(home.database, home.hands(), "staff:sato") as opened:
        names = [one.number for one in opened.seminars.registrations(seminar.id)]
        seminars_staff.take_attendance(opened, seminar.number, names)
    tick(home, player)


HAPPENINGS: Mapping[str, Happening] = {
    "（「制度と活用セミナー」の申込みを締め切る）": lambda home, _: close_seminar(home.stage),
    "（先客が取り消す）": lambda home, _: guest_cancels(home.stage),
    "（案件 P-001 の担当者である）": looks_after,
    "（案件 P-001 の担当者だが、この会話はまだ知られていない）": unknown_owner,
    "（期限のお知らせが届く）": tick,
    "（時計が進む）": tick,
    "（説明会が終わり、アンケートのお願いが届く）": seminar_over,
}
