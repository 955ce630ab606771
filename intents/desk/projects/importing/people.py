"""Who a row says is in charge, and who is to be asked otherwise, beside who it is now."""

from collections.abc import Iterator
from dataclasses import dataclass

from intents.desk.projects.importing.cells import Erased, Fault, Read
from intents.desk.projects.importing.plans import Change, Known, Person, Whole
from intents.desk.projects.people import folded, known_key
from intents.desk.projects.records import Contact, Project, Role

COLUMNS = {
    Role.OWNER: ("contact_name", "contact_email"),
    Role.SECOND: ("second_contact_name", "second_contact_email"),
}


@dataclass(frozen=True, slots=True)
class Staffing:
    """The people of a row: who is to have which role, what changes, what is wrong and what is worth a look."""

    people: tuple[Person, ...]
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Post:
    """One role: who has it, who is to have it (None: as it is), and whether that is somebody else."""

    role: Role
    before: Contact | None
    wanted: Person | None

    @property
    def after(self) -> tuple[str, str]:
        if self.wanted:
            return self.wanted.name, self.wanted.mail
        return (self.before.name, self.before.mail) if self.before else ("", "")


def staffing(read: Read, project: Project | None, known: Known, whole: Whole) -> Staffing:
    """What a row says about the people of its project."""
    posts = [_post(read, role, project, known, whole) for role in COLUMNS]
    people = tuple(one.wanted for one in posts if one.wanted)
    changes = tuple(change for one in posts for change in _changes(one))
    warnings = tuple(note for one in posts for note in _warnings(read, one, known))
    return Staffing(people, changes, tuple(_faults(posts)), warnings)


def _post(read: Read, role: Role, project: Project | None, known: Known, whole: Whole) -> _Post:
    before = known.holders.get((project.id, role)) if project else None
    wanted = _wanted(read, role, before, known, whole)
    return _Post(role, before, None if wanted and _stands(before, wanted) else wanted)


def _stands(before: Contact | None, wanted: Person) -> bool:
    """Whether everything is as it is wanted."""
    if before is None:
        return not (wanted.name or wanted.mail)
    return _same(before, wanted) and before.name == wanted.name and bool(before.mail or not wanted.mail)


def _wanted(read: Read, role: Role, before: Contact | None, known: Known, whole: Whole) -> Person | None:
    """Who is meant: what a cell leaves open is as it was, unless the other one names somebody else."""
    names, mails = COLUMNS[role]
    if names not in read.values and mails not in read.values:
        return None
    had_name, had_mail = (before.name, before.mail) if before else ("", "")
    name, mail = str(read.given(names, had_name, "")), str(read.given(mails, had_mail, ""))
    if mails not in read.values and (not name or folded(name) != folded(had_name)):
        mail = ""
    if mail and names not in read.values and not _is_mail_of(before, mail):
        known_as = known.mails.get(known_key(mail))
        name = known_as.name if known_as else ""
    if mail:
        name = whole.names.get(known_key(mail), "") or name or mail
    return Person(role, name, mail)


def _is_mail_of(contact: Contact | None, mail: str) -> bool:
    return (
        contact is not None and "" not in (contact.mail, mail) and known_key(contact.mail) == known_key(mail)
    )


def _same(before: Contact | None, wanted: Person) -> bool:
    """Whether it is the person who has the role, who may have an address now."""
    if before is None or not wanted.name:
        return False
    if before.mail:
        return _is_mail_of(before, wanted.mail)
    return folded(before.name) == folded(wanted.name)


def _changes(post: _Post) -> Iterator[Change]:
    if post.wanted is None:
        return
    old = (post.before.name, post.before.mail) if post.before else ("", "")
    same = post.before and _same(post.before, post.wanted)
    kept = (post.before.mail if post.before and same else "") or post.wanted.mail
    for field, before, after in zip(COLUMNS[post.role], old, (post.wanted.name, kept), strict=True):
        if before != after:
            yield Change(field, before or None, after or None)


def _faults(posts: list[_Post]) -> Iterator[Fault]:
    owner, second = (post.after for post in posts)
    same = known_key(owner[1]) == known_key(second[1]) if owner[1] and second[1] else False
    same = same or (
        not owner[1] and not second[1] and bool(owner[0]) and folded(owner[0]) == folded(second[0])
    )
    # Somebody who takes over is the second contact no longer; only a row that names both is at odds with itself.
    if same and posts[1].wanted:
        yield Fault(COLUMNS[Role.SECOND][1], "second_is_owner")


def _warnings(read: Read, post: _Post, known: Known) -> Iterator[Fault]:
    if post.wanted is None or not post.wanted.mail:
        return
    names, mails = COLUMNS[post.role]
    given = read.values.get(names)
    if given and given is not Erased.ERASED and given != post.wanted.name:
        places = {"value": given, "mail": post.wanted.mail, "name": post.wanted.name}
        yield Fault(names, "two_names", places)
    known_as = known.mails.get(known_key(post.wanted.mail))
    if known_as and known_as.name != post.wanted.name and not _same(post.before, post.wanted):
        yield Fault(
            mails, "renamed", {"mail": post.wanted.mail, "old": known_as.name, "new": post.wanted.name}
        )
