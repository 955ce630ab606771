"""What a channel tells about itself: the desk was taken out of where somebody talks, or of a whole organisation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from intents.desk.case_records import CaseKind, NewCase
from intents.desk.case_talk import open_case
from intents.desk.nudges.project_case import NOBODY, bring_in_staff
from intents.desk.nudges.reach import open_ways
from intents.desk.projects.records import Contact, Role
from intents.dialog import Scene
from intents.messages import Part
from knowledge.model import Lang

GONE, WORKSPACE_GONE = "channel.gone", "channel.workspace_gone"
# Who leaves has not read what was sent to them.
LEAVING = frozenset({GONE, WORKSPACE_GONE})


def gone(scene: Scene, _: Mapping[str, str]) -> Iterator[Part]:
    """Nothing is said there unasked until they write again; staff hear of it where somebody looks after projects."""
    work = scene.work
    work.people.unreachable()
    work.audit.note(f"person:{work.person}", "channel_gone")
    contact = work.contacts.by_person(work.person)
    if contact:
        if work.person == f"teams:{contact.teams}":
            contact = replace(contact, teams="")
            work.contacts.save(contact)
        _tell_staff(scene, contact)
    yield from ()


def _tell_staff(scene: Scene, contact: Contact) -> None:
    mine = [duty.project for duty in scene.work.contacts.duties_of(contact.id) if duty.role is Role.OWNER]
    wording = scene.room.wording
    channel = wording.say(f"channel.{scene.work.person.partition(':')[0]}", Lang.JA)
    left = [wording.say(f"channel.{way}", Lang.JA) for way in open_ways(contact) if way == "mail"]
    ways = wording.say("channel.and", Lang.JA).join(left) or wording.say("channel.none", Lang.JA)
    for project in scene.work.projects.of(mine):
        text = wording.say(
            "channel.gone", Lang.JA, project=project.project_id, name=contact.name, channel=channel, ways=ways
        )
        bring_in_staff(scene.work, scene.room.practice, project, text)


def workspace_gone(scene: Scene, _: Mapping[str, str]) -> Iterator[Part]:
    """The desk was taken out of a whole organisation, which the event's person names: a case for staff, for nobody else.

    Whoever sends there has been told to stop already.
    """
    work, wording = scene.work, scene.room.wording
    channel, name, *_rest = work.person.split(":")
    text = wording.say(
        "channel.workspace_gone", Lang.JA, channel=wording.say(f"channel.{channel}", Lang.JA), workspace=name
    )
    new = NewCase(kind=CaseKind.FAULT, summary=text, to=NOBODY, about=f"workspace:{channel}:{name}")
    open_case(work, scene.room.practice, new)
    work.audit.note(f"workspace:{channel}:{name}", "channel_gone")
    yield from ()
