"""Questions that several dialogs ask, in the same words and read the same way."""

from collections.abc import Callable
from typing import Any

from intents.dialog import Answers, Question, Scene
from intents.messages import FieldKind, Option
from intents.readers.area import AREA, prefecture
from intents.readers.choice import free_text, one_of
from intents.readers.contact import mail_address, organisation, person_name, phone
from intents.readers.misread import Misread
from intents.readers.numbers import yes_no

TEXT_LIMIT = 1000
ELSEWHERE = "elsewhere"
Options = Callable[[Scene, Answers], tuple[Option, ...]]


def plain(read: Callable[[str], Any]) -> Callable[[str, Scene, Answers], Any]:
    """A reader that looks at the text only."""
    return lambda text, _scene, _answers: read(text)


def text(limit: int = TEXT_LIMIT) -> Callable[[str, Scene, Answers], str]:
    """A reader of free text up to a length."""
    return lambda typed, _scene, _answers: free_text(typed, limit)


def choose(options: Options) -> Callable[[str, Scene, Answers], str]:
    """A reader of one of these options."""
    return lambda typed, scene, answers: one_of(typed, options(scene, answers))


def listed(wording: str, *names: str) -> Options:
    """Options whose labels are sentences `<wording>.<name>` of the catalogue."""
    return lambda scene, _answers: scene.options(wording, names)


def _agreement(typed: str, _scene: Scene, _answers: Answers) -> bool:
    if not yes_no(typed):
        raise Misread("dialog.consent_needed")
    return True


def area_options(scene: Scene, _: Answers) -> tuple[Option, ...]:
    """The prefectures of this office's area."""
    names = scene.room.wording.group("area", scene.lang)
    return tuple(Option(name, label) for name, label in zip(AREA, names, strict=True))


def _prefectures(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    # Who lives elsewhere must find themselves in the list, to be told where to go.
    return (*area_options(scene, answers), Option(ELSEWHERE, scene.say("find.outside")))


def _prefecture(typed: str, scene: Scene, _: Answers) -> str:
    elsewhere = scene.say("find.outside")
    if typed in (ELSEWHERE, elsewhere):
        raise Misread("outside_area", prefecture=elsewhere)
    return prefecture(typed)


def shown_mail(mail: str, scene: Scene) -> str:
    """An address as it may be repeated: where others read along it is not."""
    return scene.say("dialog.your_mail") if scene.work.overheard else mail


CONSENT = Question("consent", _agreement, FieldKind.CHECK)
ORGANISATION = Question("organisation", plain(organisation), known=True, personal=True)
NAME = Question("name", plain(person_name), known=True, personal=True)
MAIL = Question("mail", plain(mail_address), FieldKind.MAIL, known=True, personal=True)
PHONE = Question("phone", plain(phone), FieldKind.PHONE, known=True, personal=True, required=False)
PREFECTURE = Question("prefecture", _prefecture, FieldKind.ONE, known=True, options=_prefectures)


YES_NO = listed("options", "yes", "no")
