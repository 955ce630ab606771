"""What the page of a project shows, as names for its template."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bot.console.masking import readable
from bot.console.organisations_link import link_to
from bot.console.project_dates import dates_of
from bot.console.project_form import FACTS, FORMS, form_fields, text_of, texts_of
from bot.console.project_nudges import shown as nudges_shown
from bot.console.project_plan import shown as plan_shown
from bot.console.rights import may
from bot.console.visit import Visit
from bot.project_words import Words
from intents.desk.deadlines.contradictions import contradictions
from intents.desk.deadlines.explain import contradiction_text
from intents.desk.projects.checks import DAYS
from intents.desk.projects.marks import mark
from intents.desk.projects.people import shown
from intents.desk.projects.records import Contact, Duty, Project
from intents.forms import Field
from storage.books import StoredBooks

# The forms that hold what stands there; the others begin empty.
OF_PROJECT = ("facts", "dates", "marks", "round", "state")
ENTERED = ("certify", "period", "instrument", "item", "owner", "second")


@dataclass(frozen=True, slots=True)
class Try:
    """A form that was sent and not done: which one, of whom, what was typed, what is wrong, and why it was refused."""

    form: str = ""
    contact: int = 0
    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known; `unverified` where it is not confirmed."""

    label: str
    value: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class PageForm:
    """One form; `tried` when it was sent and refused, `seen` what was seen of a person."""

    act: str
    label: str
    fields: tuple[Field, ...]
    tried: bool
    contact: int = 0
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is something to the project, with the form to change them."""

    duty: Duty
    contact: Contact
    mail: str
    ways: str
    form: PageForm


def names_for(visit: Visit, opened: StoredBooks, project: Project, tried: Try) -> dict[str, object]:
    """Everything on the page."""
    told = Words(visit.wording, visit.lang)
    current = opened.contacts.duties([project.id])
    history = opened.contacts.history(project.id)
    known = {one.id: one for one in opened.contacts.of({one.contact for one in (*current, *history)})}
    rounds = [one.number for one in opened.calendars.rounds()]
    return {
        "project": project,
        "told": told,
        "facts": [_fact(told, project, name) for name in (*FACTS, "target_round", "state")],
        "days": [_fact(told, project, name) for name in DAYS],
        "doubts": [contradiction_text(one, visit.wording, visit.lang) for one in contradictions(project)],
        "marked": told.fields(sorted(project.unverified)),
        "dates": dates_of(visit, opened, project),
        "items": opened.projects.items([project.id]).get(project.id, ()),
        "staff": [_staff(visit, told, one, known[one.contact], tried) for one in current],
        "has": {one.role.value for one in current},
        "history": [(one, known[one.contact]) for one in history],
        "forms": dict(_forms(told, project, tried, rounds)) if may(visit.member.role, "project.do") else {},
        "organisation_url": link_to(project.organisation),
        **plan_shown(visit, opened, project),
        **nudges_shown(visit, opened, project),
    }


def _fact(told: Words, project: Project, name: str) -> Fact:
    return Fact(told.field(name), told.value(getattr(project, name)), name in project.unverified)


def _forms(
    told: Words, project: Project, tried: Try, rounds: Collection[int]
) -> Iterator[tuple[str, PageForm]]:
    # A round that was imported need not have been entered yet.
    choice = sorted({*rounds, *([project.target_round] if project.target_round else [])})
    for act in (*OF_PROJECT, *ENTERED):
        texts = texts_of(project, act) if act in OF_PROJECT else {}
        mine = tried.form == act
        stands = texts if mine and tried.stale and texts else None
        fields = form_fields(
            told, act, tried.given if mine else texts, tried.errors if mine else None, stands, choice
        )
        yield act, PageForm(act, told.say(f"do_{act}"), fields, mine)


def _staff(visit: Visit, told: Words, duty: Duty, contact: Contact, tried: Try) -> Staff:
    mine = (tried.form, tried.contact) == ("person", contact.id)
    texts = _texts(contact)
    stands = texts if mine and tried.stale else None
    fields = form_fields(
        told, "person", tried.given if mine else texts, tried.errors if mine else None, stands
    )
    form = PageForm("person", told.say("do_person"), fields, mine, contact.id, mark(shown(contact)))
    ways = told.say("between").join(told.say(f"way_{one}") for one in contact.ways)
    return Staff(duty, contact, readable(contact.mail, visit.member), ways, form)


def _texts(contact: Contact) -> dict[str, str]:
    called = {"contact_name": contact.name, "contact_email": contact.mail}
    return {name: called.get(name, text_of(getattr(contact, name, None))) for name in FORMS["person"]}
