"""Who may do what to a case, and where that leads: one table, read by the rules, the cards and the pages alike."""

from dataclasses import dataclass
from enum import StrEnum

from intents.desk.case_records import CLOSED, OPEN, Case, CaseState
from intents.desk.refused import Refused
from intents.desk.staff_books import Role, StaffMember

NEW, TAKEN, WAITING, APPOINTMENT = (
    CaseState.NEW,
    CaseState.TAKEN,
    CaseState.WAITING,
    CaseState.APPOINTMENT,
)


class CaseAct(StrEnum):
    """What staff do to a case."""

    TAKE = "take"
    ASSIGN = "assign"
    PUT_BACK = "put_back"
    REPLY = "reply"
    ASK_BACK = "ask_back"
    APPOINT = "appoint"
    SET_DATE = "set_date"
    FINISH = "finish"
    REFER = "refer"
    REOPEN = "reopen"
    NOTE = "note"
    MERGE = "merge"
    SPLIT = "split"
    REROUTE = "reroute"
    STEP_BACK = "step_back"


class Whose(StrEnum):
    """Whose case an act asks for."""

    ANYBODY = "anybody"  # whoever owns it
    NOBODY = "nobody"  # only one without an owner
    MINE = "mine"  # the owner's, or an admin's
    MINE_OR_NOBODY = "mine_or_nobody"  # one without an owner becomes theirs


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: an act, the states it starts from, the one it leads to (None: stays), and who may."""

    act: CaseAct
    of: frozenset[CaseState]
    to: CaseState | None
    whose: Whose = Whose.MINE_OR_NOBODY
    role: Role = Role.DESK


RULES = (
    Rule(CaseAct.TAKE, OPEN, TAKEN, Whose.NOBODY),
    # Whoever is at the desk may hand a case on, also that of a colleague who is away; the audit names them.
    Rule(CaseAct.ASSIGN, OPEN, None, Whose.ANYBODY),
    Rule(CaseAct.PUT_BACK, frozenset({TAKEN, WAITING, APPOINTMENT}), None, Whose.MINE),
    Rule(CaseAct.REPLY, OPEN, TAKEN),
    Rule(CaseAct.ASK_BACK, OPEN, WAITING),
    Rule(CaseAct.APPOINT, OPEN, APPOINTMENT),
    Rule(CaseAct.SET_DATE, OPEN, None, Whose.ANYBODY),
    Rule(CaseAct.FINISH, OPEN, CaseState.DONE),
    Rule(CaseAct.REFER, OPEN, CaseState.NOT_FOR_US),
    Rule(CaseAct.REOPEN, CLOSED, TAKEN, Whose.ANYBODY),
    Rule(CaseAct.NOTE, OPEN | CLOSED, None, Whose.ANYBODY),
    Rule(CaseAct.MERGE, OPEN, CaseState.DONE, Whose.ANYBODY),
    Rule(CaseAct.SPLIT, OPEN, None, Whose.ANYBODY),
    Rule(CaseAct.REROUTE, OPEN, None, Whose.ANYBODY),
    Rule(CaseAct.STEP_BACK, OPEN, None, Whose.MINE),
)
_BY_ACT = {rule.act: rule for rule in RULES}


def check(act: CaseAct, case: Case, who: StaffMember) -> Rule:
    """The rule under which somebody may do it. Refused: no_right, closed, not_closed, in_state, owned, not_yours."""
    rule = _BY_ACT[act]
    if not who.active or not who.role.may(rule.role):
        raise Refused("no_right", role=who.role.value)
    if case.state not in rule.of:
        raise Refused(_wrong_state(rule, case), number=case.number, state=case.state.value)
    if not _fits(rule.whose, case, who):
        problem = "owned" if case.owner else "nobodys"
        raise Refused(problem, number=case.number, owner=case.owner)
    return rule


def _wrong_state(rule: Rule, case: Case) -> str:
    if not case.is_open:
        return "closed"
    return "not_closed" if rule.of == CLOSED else "in_state"


def _fits(whose: Whose, case: Case, who: StaffMember) -> bool:
    mine = case.owner == who.name or (bool(case.owner) and who.role is Role.ADMIN)
    match whose:
        case Whose.ANYBODY:
            return True
        case Whose.NOBODY:
            return not case.owner
        case Whose.MINE:
            return mine
        case Whose.MINE_OR_NOBODY:
            return mine or not case.owner


def allowed(case: Case, who: StaffMember) -> tuple[CaseAct, ...]:
    """What somebody may do to a case as it stands, in the order of the table."""
    acts = tuple(rule.act for rule in RULES if _may(rule.act, case, who))
    # To leave a talk where there is none does no harm, but nobody needs to be offered it.
    return acts if case.talking else tuple(act for act in acts if act is not CaseAct.STEP_BACK)


def _may(act: CaseAct, case: Case, who: StaffMember) -> bool:
    try:
        check(act, case, who)
    except Refused:
        return False
    return True
