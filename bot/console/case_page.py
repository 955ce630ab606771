"""What the page of a case shows, as names for its template."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.console.masking import readable
from bot.console.organisations_link import link_to
from bot.console.references import fresh, sent_with
from bot.console.story import told
from bot.console.visit import Visit
from intents.desk.case_forms import fields_of
from intents.desk.case_records import Case, case_number
from intents.desk.case_rules import CaseAct, allowed
from intents.desk.case_words import slack_text
from intents.desk.routing import suggested
from intents.desk.staff_books import Role, StaffMember
from intents.forms import Field
from storage.case_story import merged_into_it, story
from storage.console_views import alike
from storage.staff import StoredStaff

# What is written stands first and each in a form of its own, so that nothing goes to whom it is not meant for.
WRITING = (CaseAct.REPLY, CaseAct.ASK_BACK, CaseAct.NOTE)


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form of one act, named by its reference; open when it was tried and refused."""

    act: str
    label: str
    fields: tuple[Field, ...]
    tried: bool
    reference: str


def names_for(
    visit: Visit, case: Case, tried: CaseAct | None, given: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, object]:
    """Everything on the page."""
    with visit.database.look() as connection:
        staff = StoredStaff(connection, visit.now)
        everybody, called = staff.all(), visit.called(staff)
        lines = told(visit, case, story(connection, case), called)
        same, gone = alike(connection, case), merged_into_it(connection, case)
    forms = {
        act: ActForm(
            act.value,
            visit.word(f"cases.act_{act}"),
            fields_of(
                act, case, everybody, visit.wording, visit.lang, *((given, errors) if act is tried else ())
            ),
            act is tried,
            (sent_with(given) if act is tried else "") or fresh(visit.trace, act),
        )
        for act in _acts(visit, case, tried)
    }
    return {
        "case": case,
        "rows": _rows(visit, case, everybody),
        "left": slack_text(case, visit.practice, visit.now, visit.wording, visit.lang),
        "late": case.due is not None and case.due[0] < visit.now,
        "owner": called(case.owner),
        "talking": called(case.talking),
        "lines": [one for one in lines if one.look != "read"],
        "looks": [one for one in lines if one.look == "read"],
        "writing": [forms[act] for act in WRITING if act in forms],
        "forms": [form for act, form in forms.items() if act not in WRITING],
        "open_form": tried.value if tried in WRITING and tried else "",
        "reader": _requester(visit, case, len(gone)),
        "reached": bool(case.to.conversation or case.to.mail),
        "organisation_url": link_to(case.organisation),
        "alike": same,
        "merged": gone,
        "into": case_number(case.merged_into) if case.merged_into else "",
        "may_merge": CaseAct.MERGE in forms,
    }


def _acts(visit: Visit, case: Case, tried: CaseAct | None) -> tuple[CaseAct, ...]:
    """What this person may do, and what they have just tried, so that what they typed is still there."""
    nobody = not (case.to.conversation or case.to.mail)
    mute = {CaseAct.REPLY, CaseAct.ASK_BACK} if nobody else set()
    mute |= set() if case.talking else {CaseAct.STEP_BACK}
    # A merged one goes on elsewhere.
    mute |= {CaseAct.REOPEN} if case.merged_into else set()
    free = {act for act in allowed(case, visit.member) if act not in mute}
    return tuple(act for act in CaseAct if act in free or act is tried)


def _rows(visit: Visit, case: Case, staff: tuple[StaffMember, ...]) -> list[tuple[str, str]]:
    """The facts of a case that are there."""
    mail = readable(case.to.mail, visit.member)
    proposed = suggested(case.desk, case.prefecture, (one for one in staff if one.role.may(Role.DESK)))
    names = visit.word("cases.and").join(one.display for one in proposed) if not case.owner else ""
    facts = (
        ("kind", visit.word(f"cases.kind_{case.kind}")),
        ("suggested", names),
        ("desk", visit.word(f"cases.desk_{case.desk}")),
        ("name", case.name),
        ("mail", mail),
        ("channel", _channel(visit, case)),
        ("prefecture", case.prefecture),
        ("topic", case.topic),
        ("methodology", case.methodology),
        ("promise", visit.when(case.promised_by) if case.promised_by else ""),
        ("next", _next(visit, case)),
        ("opened", visit.when(case.opened_at)),
        ("closed", visit.when(case.closed_at) if case.closed_at else ""),
        ("outcome", visit.word(f"cases.outcome_{case.outcome}") if case.outcome else ""),
    )
    return [(visit.say(f"col_{name}"), value) for name, value in facts if value]


def _next(visit: Visit, case: Case) -> str:
    if not case.next_at or not case.next_kind:
        return ""
    return f"{visit.word(f'cases.date_kind_{case.next_kind}')} {visit.when(case.next_at)}"


def _channel(visit: Visit, case: Case) -> str:
    name = case.to.person.partition(":")[0] if case.to.conversation else ""
    key = f"console.channel_{name}"
    return visit.word(key) if key in visit.wording.texts else name


def _requester(visit: Visit, case: Case, merged: int) -> str:
    """Who reads a reply, and where; whoever asked in a case that was merged into this one reads it too."""
    who = case.name or case.organisation or visit.say("requester")
    places = [_channel(visit, case), visit.say("channel_mail") if case.to.mail else ""]
    where = visit.word("cases.and").join(filter(None, places))
    others = visit.say("read_also", count=merged) if merged else ""
    return visit.say("read_by", who=who, where=where) + others
