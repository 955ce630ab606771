"""Who is what to a project: owner and second contact, one of each, who was it formerly, and how that changes.

Raises Refused before anything is written.
"""

from collections.abc import Collection

from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.people import change, folded, put
from intents.desk.projects.records import Contact, Duty, Project, Role
from intents.desk.projects.register import check_version, held
from intents.desk.refused import Refused

ROLES = (Role.OWNER, Role.SECOND)


def assign(
    books: ProjectBooks,
    project_id: str,
    role: Role,
    name: str,
    mail: str,
    *,
    why: str = "",
    seen: int | None = None,
) -> Contact:
    """Makes somebody the owner or the second contact of a project, in the place of whoever was.

    An owner who is followed stays known as a former one. Refused: name_missing, name_long, mail_wrong, second_is_owner,
    no_such_project, changed_meanwhile.
    """
    project = held(books, project_id)
    duties = books.contacts.duties([project.id])
    contact = person(books, project, duties, role, name, mail)
    if _has(duties, contact.id, role) and len([one for one in duties if one.role is role]) == 1:
        return contact
    check_version(project, seen)
    if role is Role.SECOND and _has(duties, contact.id, Role.OWNER):
        raise Refused("second_is_owner", field="second_contact_email")
    before = follow(books, project, duties, contact.id, role, why)
    _note(books, project, role, before, [contact.id], why)
    return contact


def person(
    books: ProjectBooks, project: Project, duties: Collection[Duty], role: Role, name: str, mail: str
) -> Contact:
    """The contact who is meant: whoever has the role and gets an address now, else the one with that address or name."""
    holder = next((one.contact for one in duties if one.role is role), 0)
    before = books.contacts.by_id(holder) if holder and mail else None
    nameless = before is not None and not before.mail and folded(before.name) == folded(name)
    if nameless and not books.contacts.by_mail(mail):
        return change(books, holder, name=name, mail=mail)
    return put(books, name, mail, project.organisation)


def follow(
    books: ProjectBooks, project: Project, duties: Collection[Duty], contact: int, role: Role, why: str
) -> list[int]:
    """Gives a duty to a contact and ends that of whoever had it, whom it gives; `duties` are those of the project now."""
    before = [one.contact for one in duties if one.role is role and one.contact != contact]
    for other in before:
        books.contacts.end(project.id, other, role, why)
        if role is Role.OWNER:
            books.contacts.give(project.id, other, Role.FORMER, why)
    # Who takes over is no longer to be asked in their own place, nor a former one.
    for one in duties:
        if one.contact == contact and one.role is not role:
            books.contacts.end(project.id, contact, one.role, why)
    books.contacts.give(project.id, contact, role, why)
    return before


def unassign(
    books: ProjectBooks, project_id: str, role: Role, *, why: str = "", seen: int | None = None
) -> None:
    """Ends what somebody is to a project, with nobody in their place."""
    project = held(books, project_id)
    duties = [one for one in books.contacts.duties([project.id]) if one.role is role]
    if duties:
        check_version(project, seen)
        release(books, project, duties, role, why)
        _note(books, project, role, [one.contact for one in duties], [], why)


def release(
    books: ProjectBooks, project: Project, duties: Collection[Duty], role: Role, why: str = ""
) -> None:
    """Ends these duties of a role; owners stay known as former ones."""
    for one in duties:
        books.contacts.end(project.id, one.contact, role, why)
        if role is Role.OWNER:
            books.contacts.give(project.id, one.contact, Role.FORMER, why)


def _note(
    books: ProjectBooks, project: Project, role: Role, before: list[int], after: list[int], why: str
) -> None:
    # Whoever looks at a page of the project learns by its version that somebody else is in charge.
    books.projects.save(project)
    books.audit.note(
        project.subject,
        "duty_changed",
        before={role.value: [f"contact:{one}" for one in before]},
        after={role.value: [f"contact:{one}" for one in after]},
        reason=why,
    )


def _has(duties: Collection[Duty], contact: int, role: Role) -> bool:
    return any(one.contact == contact and one.role is role for one in duties)
