"""My projects and their dates, for those who look after some; a letter's link brings them into this conversation."""

from collections.abc import Iterator, Mapping
from datetime import date

from intents.compose import day_text
from intents.desk.deadlines.back_plan import STAGES
from intents.desk.deadlines.explain import explain, version_of
from intents.desk.deadlines.faults import CalendarFault
from intents.desk.deadlines.records import Deadline
from intents.desk.nudges.context import Nudged, nudged_contact
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.linking import link
from intents.desk.nudges.monthly import ENTER, begins, is_monthly, label_of, missing_in
from intents.desk.nudges.reach import open_ways, prefer
from intents.desk.nudges.records import Answer, Obligation, ObligationState
from intents.desk.nudges.stages import apart_of
from intents.desk.projects.records import Contact, Project, Role
from intents.dialog import Scene
from intents.dialogs.planned import plan_parts
from intents.dialogs.project_target import TARGET
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Heading,
    Paragraph,
    Part,
    RunCommand,
    Text,
)
from intents.orders.nudges import ANSWER, CHANGE, RESUME, SNOOZE, setting_here

PROJECTS, LINK, WAY = "my.projects", "project.link", "nudge.way"
SHOWN, DATES, OPEN = 10, 3, 6
Given = Mapping[str, str]


def my_projects(scene: Scene, given: Given) -> Iterator[Part]:
    """What somebody looks after, each with its next dates; or one of them with all of its dates."""
    if scene.work.overheard:
        yield _say(scene, "in_private")
        return
    if told := _just_come(scene, given):
        # What was sent elsewhere and still waits for an answer; its last button leads to the list.
        yield from scene.work.nudges.words(told.letter)
        return
    contact = _known(scene, given)
    if contact is None:
        yield _say(scene, "not_known")
        yield Choices("", (_button(scene, LINK, scene.say("nudges.link")),), ChoiceStyle.OFFER)
        return
    if contact.muted:
        yield _say(scene, "muted_now")
        again = _button(scene, RESUME, scene.say("nudges.resume"), contact=str(contact.id))
        yield Choices("", (again,), ChoiceStyle.OFFER)
    mine = [
        duty.project for duty in scene.work.contacts.duties_of(contact.id) if duty.role is not Role.FORMER
    ]
    projects = scene.work.projects.of(mine)
    chosen = [one for one in projects if str(one.id) == given.get("project")]
    if not projects:
        yield _say(scene, "none_of_mine")
    elif chosen or len(projects) == 1:
        yield from one_project(scene, (chosen or list(projects))[0], contact)
    else:
        yield from _several(scene, projects)


def _just_come(scene: Scene, given: Given) -> Nudged | None:
    """What somebody was nudged about who comes into this conversation by a link for the first time."""
    named = given.get("contact", "")
    before = scene.work.contacts.by_id(int(named)) if named else None
    if before is None or before.person == scene.work.person:
        return None
    told = nudged_contact(scene.work, before)
    if told:
        _known(scene, given)
    return told


def _known(scene: Scene, given: Given) -> Contact | None:
    """The contact of this conversation; a letter's link makes it theirs."""
    named = given.get("contact", "")
    contact = scene.work.contacts.by_id(int(named)) if named else None
    if contact:
        return link(scene.work, contact, scene.work.recipient(contact.mail, scene.lang), "letter")
    return scene.work.contacts.by_person(scene.work.person)


def _several(scene: Scene, projects: tuple[Project, ...]) -> Iterator[Part]:
    yield _say(scene, "mine", count=len(projects))
    for project in projects[:SHOWN]:
        yield Heading(f"{project.project_id}  {project.title}")
        yield _dates(scene, _ahead(scene, project)[:DATES])
    options = tuple(
        _button(scene, PROJECTS, project.project_id, project=str(project.id)) for project in projects[:SHOWN]
    )
    yield Choices(scene.say("nudges.which_project"), options, ChoiceStyle.OFFER)
    if len(projects) > SHOWN:
        yield _say(scene, "more_projects", count=len(projects) - SHOWN)


def one_project(scene: Scene, project: Project, contact: Contact) -> Iterator[Part]:
    """One project: what is known, what comes, and what there is to answer."""
    yield Heading(f"{project.project_id}  {project.title}")
    yield Facts(tuple(_rows(scene, project)))
    planned = tuple(plan_parts(scene, project))
    yield from planned
    yield _dates(scene, _beside(scene, project) if planned else _ahead(scene, project))
    yield _say(scene, "dates_hint")
    yield from _ways(scene, contact)
    for one in _open(scene, project)[:OPEN]:
        yield _answers(scene, one, contact, project)
    other = _button(
        scene, CHANGE, scene.say("nudges.changed"), place=str(project.id), contact=str(contact.id)
    )
    yield Choices("", (*_target(scene, project, contact), other), ChoiceStyle.OFFER)


def _target(scene: Scene, project: Project, contact: Contact) -> tuple[Choice, ...]:
    """The button for the round, for whoever is in charge."""
    duties = scene.work.contacts.duties_of(contact.id)
    if not any(one.project == project.id and one.role is Role.OWNER for one in duties):
        return ()
    key = "button" if project.target_round is None else "button_change"
    return (_button(scene, TARGET, scene.say(f"project_target.{key}"), place=str(project.id)),)


def _ways(scene: Scene, contact: Contact) -> Iterator[Part]:
    """Where nudges come, and how to have them come elsewhere."""
    ways = open_ways(contact)
    if len(ways) > 1:
        options = tuple(
            _button(scene, WAY, scene.say(f"nudges.way_{way}"), contact=str(contact.id), way=way)
            for way in ways[1:]
        )
        now = scene.say(f"nudges.way_{ways[0]}")
        yield Choices(scene.say("nudges.comes_by", way=now), options, ChoiceStyle.OFFER)


def choose_way(scene: Scene, given: Given) -> Iterator[Part]:
    """Nudges come by another way from now on."""
    contact = scene.work.contacts.by_id(int(given["contact"]))
    if contact is None or given["way"] not in open_ways(contact):
        yield scene.room.say("stale_button")
        return
    prefer(scene.work, contact, given["way"])
    yield _say(scene, "way_chosen", way=scene.say(f"nudges.way_{given['way']}"))


def _rows(scene: Scene, project: Project) -> Iterator[tuple[str, tuple[Text, ...]]]:
    for name in ("methodology", "registration_date", "cp_start", "cp_end"):
        value = getattr(project, name)
        if value:
            shown = day_text(value, scene.lang, scene.room.wording) if isinstance(value, date) else str(value)
            doubt = scene.say("chat.unverified") if name in project.unverified else ""
            yield scene.say(f"nudges.field_{name}"), (Text(f"{shown}{doubt}"),)
    yield (
        scene.say("nudges.field_certified"),
        (Text(scene.say("nudges.times", count=len(project.certifications))),),
    )


def _dates(scene: Scene, dates: list[Deadline]) -> Bullets:
    lines = tuple((Text(_line(scene, one)),) for one in dates)
    return Bullets(lines or ((Text(scene.say("nudges.no_dates")),),))


def _line(scene: Scene, one: Deadline) -> str:
    """A date in one line: the day, what it is, of which kind, and whether it is estimated."""
    told = explain(one, scene.room.wording, scene.lang)
    places = {"title": told.title, "about": told.about, "kind": told.kind}
    return scene.say("nudges.date_line", due=f"{told.due} {told.estimated}".strip(), **places)


def _ahead(scene: Scene, project: Project) -> list[Deadline]:
    """The dates still to come or not known yet, the soonest first."""
    almanac = setting_here(scene).almanac(scene.work)
    try:
        found = dates_of(project, almanac, scene.today)
    except CalendarFault:
        # Staff are alarmed by the clock; whoever asks here is not given dates that nobody can count.
        return []
    open_ = [one for one in found if not one.missing and not one.stopped]
    ahead = [one for one in open_ if one.due_on is None or one.due_on >= scene.today]
    return sorted(ahead, key=lambda one: one.due_on or date.max)


def _beside(scene: Scene, project: Project) -> list[Deadline]:
    """Those that are no steps on the way to a round."""
    return [one for one in _ahead(scene, project) if version_of(one).formula not in STAGES]


def _open(scene: Scene, project: Project) -> list[Obligation]:
    """What somebody was told and has not said to be done, the soonest first."""
    found = scene.work.obligations.of_projects([project.id])
    told = [one for one in found if one.state is ObligationState.OPEN and one.told_at]
    return sorted(told, key=lambda one: one.due_on or date.max)


def _answers(scene: Scene, one: Obligation, contact: Contact, project: Project) -> Choices:
    given = {"obligation": str(one.id), "contact": str(contact.id)}
    options = (
        *_done(scene, one, given, project),
        _button(scene, SNOOZE, scene.say("nudges.button_snooze"), obligation=str(one.id)),
        _button(scene, ANSWER, scene.say("nudges.button_stop"), **given, answer=Answer.STOP),
    )
    title = setting_here(scene).title(one.rule, scene.lang)
    day = day_text(one.due_on, scene.lang, scene.room.wording) if one.due_on else "-"
    return Choices(scene.say("nudges.about", title=title, day=day), options, ChoiceStyle.OFFER)


def _done(scene: Scene, one: Obligation, given: Given, project: Project) -> tuple[Choice, ...]:
    """At it, or done; a month that is to be recorded is recorded."""
    month = apart_of(one.key)
    if is_monthly(one.rule) and (missing := missing_in(project, month)):
        return (_button(scene, ENTER, scene.say(label_of(missing[0])), **begins(project, missing[0], month)),)
    return (
        _button(scene, ANSWER, scene.say("nudges.button_working"), **given, answer=Answer.WORKING),
        _button(scene, ANSWER, scene.say("nudges.button_done"), **given, answer=Answer.DONE),
    )


def _button(scene: Scene, command: str, label: str, **given: str) -> Choice:
    return Choice(label, scene.work.tokens.issue(RunCommand(command, given=given, own=True)))


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"nudges.{name}", **places)),))
