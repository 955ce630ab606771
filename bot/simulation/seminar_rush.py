"""A seminar for which far more people sign up than there are seats: a rush within an hour, more seats, a waiting list.

Afterwards those who came are asked for their opinion.
"""

from datetime import date, datetime, timedelta
from functools import partial

from bot.simulation.cast import MAIL
from bot.simulation.people import HOUR
from bot.simulation.plan import DAY
from bot.simulation.story import Arrival, Seats
from bot.simulation.world import World, tokyo
from intents.desk import seats, seminars, seminars_staff, surveys
from intents.desk.books import Recipient
from intents.desk.office_hours import add_working_days
from intents.desk.refused import Refused
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.desk.survey_records import Kind, NewAnswer, NewSurvey, SurveyQuestion
from knowledge.model import Lang
from storage.books import StoredBooks

# For a thousand projects: seats at first, seats after they were raised, people who sign up within the first hour.
SEATS, RAISED, RUSH = 200, 250, 300
# The part of the time after which sign-up opens; days from there to the seminar, and from it to the end of the survey.
OPENS_AT, AHEAD, ASKED_FOR = 0.2, 28, 12
PARTIES, PARTY_WEIGHTS = (1, 2, 3, 5), (80, 12, 6, 2)
# Of those who look after projects; who gives the seat back; of offers: taken, declined, else left to lapse; who comes.
INSIDERS, GIVES_BACK, TAKES, DECLINES, COMES, ANSWERS = 0.3, 0.08, 0.7, 0.15, 0.85, 0.4


class SeminarRush:
    """Runs one seminar from its announcement to its survey."""

    def __init__(self, world: World) -> None:
        self._world, self._number, self._id = world, "", 0

    def begin(self) -> None:
        """Plans everything."""
        world = self._world
        day = add_working_days(world.setting.hours, world.plan.share(OPENS_AT), 0)
        held = add_working_days(world.setting.hours, day + DAY * AHEAD, 0)
        ends = held + DAY * ASKED_FOR
        if ends > world.plan.last:
            return
        world.on(day, 10, partial(self._announce, held))
        for number in range(world.plan.scaled(RUSH, 30)):
            moment = tokyo(day, 10, 1) + HOUR * world.dice.random()
            world.hours.at(moment, partial(self._signs_up, number))
        world.on(day + DAY, 11, self._raise)
        world.on(held, 17, self._held, minute=30)
        for before in (14, 3, 1):
            world.look(tokyo(held - DAY * before, 10))
        world.look(tokyo(held, 8, 30))
        world.look(tokyo(held, 14))

    def _letters(self, opened: StoredBooks) -> SeminarLetters:
        return letters_with_buttons(opened.links, self._world.pen.notices, self._world.pen.wording)

    def _announce(self, held: date) -> None:
        starts = tokyo(held, 14)
        new = NewSeminar(
            title=self._world.say("seminar"),
            starts_at=starts,
            ends_at=starts + 2 * HOUR,
            capacity=self._world.plan.scaled(SEATS, 20),
            deadline=tokyo(held, 14) - 2 * DAY,
            link="https://meeting.example/sim",
        )
        with self._world.opened() as opened:
            seminar = seminars_staff.create(opened, new)
        self._number, self._id = seminar.number, seminar.id
        self._world.look(tokyo(held, 14) - 2 * DAY)

    # ------------------------------------------------ sign-ups

    def _signs_up(self, number: int) -> None:
        world, mail = self._world, f"s{number}@example.jp"
        name = world.say("guest", number=number)
        if world.chance(INSIDERS):
            people = world.cast.people.values()
            found = [(one.name, to) for one in people for way, to in one.addresses if way == MAIL]
            name, mail = world.dice.choice(found)
        else:
            world.cast.others[MAIL, mail] = name
        party = world.dice.choices(PARTIES, PARTY_WEIGHTS)[0]
        wanted = SignUp(
            to=Recipient(0, "", mail, Lang.JA),
            name=name,
            organisation=world.say("company", number=number),
            party=party,
        )
        with world.opened("clock") as opened:
            signed = seminars.sign_up(opened, self._letters(opened), self._number, wanted)
        self._count()
        if world.chance(GIVES_BACK):
            world.later(partial(self._gives_back, signed.registration.number), HOUR, 20 * DAY)

    def _gives_back(self, number: str) -> None:
        try:
            with self._world.opened("clock") as opened:
                seminars.cancel(opened, self._letters(opened), number)
        except Refused:
            # It is over by then, or they lost it already.
            return
        self._count()

    def _raise(self) -> None:
        with self._world.opened() as opened:
            seats_ = self._world.plan.scaled(RAISED, 25)
            seminars_staff.raise_capacity(opened, self._letters(opened), self._number, seats_)
        self._count()

    def hear(self, arrival: Arrival) -> None:
        """A letter has arrived somewhere: whoever is offered a seat decides, whoever is asked answers."""
        kind, *rest = arrival.key.split(":")
        if kind == "seminar" and rest[2] == "offered":
            self._world.look(arrival.at + DAY)
            self._world.later(partial(self._decides, f"R-{int(rest[1]):05d}"), 0.2 * HOUR, 30 * HOUR)
        elif kind == "survey" and self._world.chance(ANSWERS):
            self._world.later(partial(self._answers, int(rest[0]), rest[1]), HOUR, 4 * DAY)

    def _decides(self, number: str) -> None:
        dice = self._world.dice.random()
        decide = seminars.accept if dice < TAKES else seminars.decline
        if dice > TAKES + DECLINES:
            return
        try:
            with self._world.opened("clock") as opened:
                decide(opened, self._letters(opened), number)
        except Refused as refused:
            self._world.story.counted[f"refused_{refused.problem}"] += 1
        self._count()

    def _count(self) -> None:
        """Keeps how the seats stand, to be judged at the end."""
        world = self._world
        with world.database.look() as connection:
            opened = StoredBooks(connection, world.database, world.hours.now(), "sim")
            seminar = opened.seminars.find(self._number)
            parties = opened.seminars.places(self._id)
        assert seminar
        waits = seats.next_offers(seminar.capacity, parties)
        first = waits[0].number if waits else ""
        world.story.seats.append(Seats(opened.now, seminar.capacity, seats.taken(parties), first))

    # ------------------------------------------------ afterwards

    def _held(self) -> None:
        """Who came is entered, and a survey begins."""
        world = self._world
        question = SurveyQuestion(text=world.say("question"), kind=Kind.SCALE, required=True)
        closes = world.hours.now() + DAY * (ASKED_FOR - 1)
        with world.opened() as opened:
            came = [one.number for one in opened.seminars.seated(self._id) if world.chance(COMES)]
            seminars_staff.take_attendance(opened, self._number, came)
            new = NewSurvey(
                title=world.say("survey"), seminar=self._id, closes_at=closes, questions=(question,)
            )
            surveys.create(opened, new)
        world.soon()
        moment: datetime = world.hours.now()
        for days in range(1, ASKED_FOR):
            world.look(moment + DAY * days + timedelta(minutes=1))

    def _answers(self, survey: int, respondent: str) -> None:
        scale = {"1": (str(self._world.dice.randint(2, 5)),)}
        try:
            with self._world.opened("clock") as opened:
                surveys.answer(
                    opened, f"Q-{survey:04d}", NewAnswer(respondent=respondent, person="", answers=scale)
                )
        except Refused as refused:
            self._world.story.counted[f"refused_{refused.problem}"] += 1
