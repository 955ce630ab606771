"""One answer to one nudge, through the desk's own rules, and what follows from it in the office."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from bot.clock import tokyo_day
from bot.simulation.cast import Someone
from bot.simulation.plan import DAY
from bot.simulation.register import newcomer
from bot.simulation.story import Duty, Said
from bot.simulation.world import World
from intents.desk.nudges import answers, succession
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.muting import mute
from intents.desk.nudges.project_case import bring_in_staff
from intents.desk.nudges.records import Answer, Obligation, SuccessionWhy
from intents.desk.projects.records import Certification, Contact, ProjectHead, Role
from intents.desk.refused import Refused
from storage.books import StoredBooks

SAID = (Answer.WORKING, Answer.DONE, Answer.SNOOZE, Answer.MOVED, Answer.CONSULT, Answer.STOP)
# Of those who say it: who takes it back, wants no nudges at all, or none of the project, and names who follows.
TAKEN_BACK, MUTED, WHOLE_PROJECT, NAMED = 0.04, 0.08, 0.3, 0.6
# How many of those who say that they have applied truly did, which the office enters some days later.
APPLIED = 0.5
ROUND_RULE = "DL-08"
# Days to which people put things off; some of them make no sense.
RESTS = (-3, 0, 1, 3, 7, 14, 30, 90, 400)
REOPENED = "reopened"


class Replies:
    """What somebody answers within one transaction."""

    def __init__(self, world: World, opened: StoredBooks, someone: Someone) -> None:
        self._world, self._opened, self._someone = world, opened, someone
        self._by = opened.actor

    def give(self, one: Obligation, answer: Answer) -> None:
        """Says it about one thing; whoever asks for what cannot be is refused."""
        try:
            self._give(one, answer)
        except Refused as refused:
            self._world.story.counted[f"refused_{refused.problem}"] += 1
            return
        self._world.story.counted[f"said_{answer}"] += 1

    def _give(self, one: Obligation, answer: Answer) -> None:
        if not self._world.plan.parts.heeds:
            self._said(one, answer)
            return
        match answer:
            case Answer.WORKING:
                answers.working(self._opened, one.id, self._by)
                self._said(one, answer)
            case Answer.DONE:
                self._done(one)
            case Answer.SNOOZE:
                self._rests(one)
            case Answer.MOVED:
                self._moved(one)
            case Answer.CONSULT:
                self._consults(one)
            case Answer.STOP:
                self._stops(one)

    def _said(self, one: Obligation, answer: str) -> None:
        self._world.story.said.append(Said(self._opened.now, self._by, one, answer))

    # ------------------------------------------------ each answer

    def _done(self, one: Obligation) -> None:
        before = {one.id: one} if one.rule not in answers.SERIES else self._of_project(one)
        for closed in answers.done(self._opened, one.id, self._by):
            self._said(before[closed.id], Answer.DONE)
        if self._world.chance(TAKEN_BACK):
            self._world.later(partial(_take_back, self._world, self._by, one), timedelta(minutes=5), 2 * DAY)
        elif one.rule == ROUND_RULE and self._world.chance(APPLIED):
            self._world.later(partial(_applied, self._world, one.project), DAY, 6 * DAY)

    def _rests(self, one: Obligation) -> None:
        wanted = tokyo_day(self._opened.now) + DAY * self._world.dice.choice(RESTS)
        _, to = answers.snooze(self._world.setting, self._opened, one.id, wanted, self._by)
        said = Said(self._opened.now, self._by, one, Answer.SNOOZE, to.day, self._last(one))
        self._world.story.said.append(said)

    def _last(self, one: Obligation) -> tuple[str, date] | None:
        """The last notice that is still to come."""
        project = next(iter(self._opened.projects.of([one.project])))
        today = tokyo_day(self._opened.now)
        found = dates_of(project, self._world.setting.almanac(self._opened), today, of=(one.rule,))
        steps = next((dated.steps for dated in found if (dated.rule.id, dated.key) == one.name), ())
        ahead = [step for step in steps if step.on > today]
        return (ahead[-1].name, ahead[-1].on) if ahead else None

    def _moved(self, one: Obligation) -> None:
        """They have another desk now, and say who follows, or that they do not know."""
        project = next(iter(self._opened.projects.heads([one.project])))
        mine = {duty.project: duty.role for duty in self._opened.contacts.duties_of(self._someone.contact)}
        if project.id not in mine:
            # They have said so already, about another date of the same project.
            return
        if mine[project.id] is not Role.OWNER:
            # Only whoever is in charge can hand over: staff look at what others say.
            bring_in_staff(self._opened, self._world.setting.practice, project, self._world.say("moved_away"))
            return
        contact = self._contact()
        if self._world.chance(NAMED):
            heir = newcomer(self._opened, self._world, project.organisation)
            hand_over(self._world, self._opened, project, contact, heir)
        else:
            setting, pen = self._world.setting, self._world.pen
            succession.begin(setting, self._opened, pen, project, contact, SuccessionWhy.SAID)
        self._someone.left_at = self._opened.now

    def _consults(self, one: Obligation) -> None:
        answers.consulted(self._opened, one.id, self._by)
        self._said(one, Answer.CONSULT)
        project = next(iter(self._opened.projects.heads([one.project])))
        bring_in_staff(self._opened, self._world.setting.practice, project, self._world.say("consult"))

    def _stops(self, one: Obligation) -> None:
        if self._world.chance(MUTED):
            mute(self._opened, self._contact(), self._by)
            self._world.story.muted.setdefault(self._someone.contact, self._opened.now)
            self._world.story.counted["muted"] += 1
        elif self._world.chance(WHOLE_PROJECT):
            before = self._of_project(one)
            for closed in answers.stop_project(self._opened, one.project, self._by):
                self._said(before[closed.id], Answer.STOP)
        else:
            answers.stop(self._opened, one.id, self._by)
            self._said(one, Answer.STOP)

    # ------------------------------------------------ what is read where it is needed

    def _of_project(self, one: Obligation) -> Mapping[int, Obligation]:
        """Everything of its project as it stands, by row."""
        return {other.id: other for other in self._opened.obligations.of_projects([one.project])}

    def _contact(self) -> Contact:
        found = self._opened.contacts.by_id(self._someone.contact)
        assert found is not None
        return found


# ------------------------------------------------ what follows


def hand_over(
    world: World, opened: StoredBooks, project: ProjectHead, leaving: Contact, heir: Contact
) -> None:
    """Somebody looks after a project from now on."""
    succession.hand_over(world.setting, opened, world.pen, project, leaving, heir, opened.actor)
    world.story.duties.append(Duty(opened.now, project.id, heir.id))
    world.story.counted["handed_over"] += 1
    world.soon()


def settle_owner(world: World, opened: StoredBooks, project: ProjectHead, heir: Contact) -> None:
    """Staff enter who looks after a project that nobody looked after."""
    opened.contacts.give(project.id, heir.id, Role.OWNER, opened.actor)
    opened.audit.note(project.subject, "duty_changed", after={Role.OWNER.value: [heir.subject]})
    world.story.duties.append(Duty(opened.now, project.id, heir.id))
    world.soon()


def _take_back(world: World, by: str, one: Obligation) -> None:
    """It was not done after all."""
    with world.opened(by) as opened:
        before = opened.obligations.find(one.id)
        again = answers.reopen(world.setting, opened, one.id, by)
        if before and again != before:
            world.story.said.append(Said(opened.now, by, before, REOPENED))
            world.soon()


def _applied(world: World, project: int) -> None:
    """The office enters that certification was applied for."""
    with world.opened() as opened:
        opened.projects.put_certifications(project, [Certification(tokyo_day(opened.now))])
    world.story.counted["applied"] += 1
    world.soon()
