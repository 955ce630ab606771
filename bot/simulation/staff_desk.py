"""The office's staff: they telephone where nobody answers, find out who follows, and close their cases."""

from datetime import timedelta

from bot.simulation.cast import MAIL
from bot.simulation.plan import DAY
from bot.simulation.register import newcomer
from bot.simulation.replies import settle_owner
from bot.simulation.story import Said
from bot.simulation.takeovers import owner_of, settle, stays
from bot.simulation.world import World
from intents.desk import staff
from intents.desk.case_endings import finish
from intents.desk.case_letters import Letters
from intents.desk.case_records import NOBODY, Case, CaseKind, CaseOutcome
from intents.desk.nudges import answers
from intents.desk.nudges.records import Answer
from intents.desk.office_hours import is_working_day
from intents.desk.projects.records import ProjectHead
from intents.desk.staff_books import Desk, Role, StaffMember
from storage.books import StoredBooks

NAME, MAIL_ADDRESS = "sim", "desk@example.jp"
CALLS_AT, RESTS, MOST = 14, timedelta(hours=20), 60
# How likely a case is dealt with on a day; what the telephone tells of a succession, and of a silence.
DEALT_WITH, SOMEBODY_NEW, NOBODY_CHANGED, REACHED = 0.5, 0.6, 0.3, 0.7


class StaffDesk:
    """One member of staff who deals with the cases about projects."""

    def __init__(self, world: World) -> None:
        desks, name = tuple(desk.value for desk in Desk), world.say("staff")
        self._world = world
        self._member = StaffMember(NAME, name, Role.ADMIN, mail=MAIL_ADDRESS, desks=desks)

    def begin(self) -> None:
        """Joins the office, and telephones on each working day."""
        world = self._world
        with world.opened() as opened:
            staff.add(opened, self._member)
        world.cast.others[MAIL, MAIL_ADDRESS] = self._member.display
        day = world.plan.first
        while day <= world.plan.last:
            if is_working_day(world.setting.hours, day):
                world.on(day, CALLS_AT, self._calls, minute=10)
            day += DAY

    def _calls(self) -> None:
        world = self._world
        with world.opened() as opened:
            nobodys = opened.cases.queued(NOBODY, None, MOST)
        for case in nobodys:
            old = world.hours.now() - case.opened_at >= RESTS
            if case.kind is CaseKind.PROJECT and old and world.chance(DEALT_WITH):
                self._deal(case)

    def _deal(self, case: Case) -> None:
        with self._world.opened() as opened:
            project = opened.projects.head(case.about.removeprefix("project:"))
            settled = project is None or self._finds_out(opened, project)
            if settled:
                letters = Letters(self._world.pen.wording)
                finish(opened, letters, self._member, case.number, CaseOutcome.SETTLED)
                self._world.story.counted["cases_settled"] += 1

    def _finds_out(self, opened: StoredBooks, project: ProjectHead) -> bool:
        """Telephones about a project; whether that settled it."""
        dice, owner = self._world.dice.random(), 0
        if one := opened.successions.open_of(project.id):
            if dice < SOMEBODY_NEW:
                owner = settle(self._world, opened, project, one, None)
            elif dice < SOMEBODY_NEW + NOBODY_CHANGED:
                stays(self._world, opened, project)
            else:
                return False
        if not (owner or owner_of(opened, project.id)):
            settle_owner(self._world, opened, project, newcomer(opened, self._world, project.organisation))
        self._reaches(opened, project)
        return True

    def _reaches(self, opened: StoredBooks, project: ProjectHead) -> None:
        """Somebody answers the telephone about what they were told and did not answer."""
        for one in opened.obligations.open_of(project.id):
            if one.asked_staff_at and self._world.chance(REACHED):
                answers.working(opened, one.id, opened.actor)
                said = Said(opened.now, opened.actor, one, Answer.WORKING)
                self._world.story.said.append(said)
