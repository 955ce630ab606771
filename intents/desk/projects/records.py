"""Projects as values: their dates, periods, certifications and instruments; who looks after them. Days are Tokyo's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from intents.desk.projects.items import MonitoringItem


class Scheme(StrEnum):
    """Whether a project stands for itself or gathers members in a programme."""

    NORMAL = "normal"
    PROGRAMME = "programme"


class ProjectState(StrEnum):
    """Whether anything is still to be done: a project that is paused, ended or withdrawn has no deadlines."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Period:
    """One monitoring period, both ends included; `applied_on` when certification was applied for with it."""

    begins_on: date
    ends_on: date
    applied_on: date | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Certification:
    """One application for certification: its committee round, its day, t-CO2, and the listing of what is for sale."""

    applied_on: date
    round: int | None = None
    tonnes: Decimal | None = None
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A measuring instrument and the last day on which its inspection or calibration holds."""

    name: str
    valid_until: date


def subject_of(project_id: str) -> str:
    """What the audit calls the project that the office calls so."""
    return f"project:{project_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """A project as it is entered. `project_id` is the office's own name of it.

    `unverified` names fields whose value is doubtful: nothing is counted from them. `target_round` is the committee
    round that the project wants to reach, `report_received_on` when its verification report came, `plan_changed_on`
    when its plan was changed last.
    """

    project_id: str
    title: str
    organisation: str
    prefecture: str = ""
    methodology: str = ""
    scheme: Scheme = Scheme.NORMAL
    is_forest: bool = False
    implementation_date: date | None = None
    registration_application_date: date | None = None
    registration_date: date | None = None
    monitoring_ready_date: date | None = None
    cp_start: date | None = None
    cp_end: date | None = None
    expected_t: Decimal | None = None
    state: ProjectState = ProjectState.ACTIVE
    target_round: int | None = None
    report_received_on: date | None = None
    plan_changed_on: date | None = None
    unverified: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHead(NewProject):
    """A project in the register without what belongs to it; `version` grows with every change of either."""

    id: int
    version: int = 1
    created_at: datetime | None = None
    last_contact_at: datetime | None = None

    @property
    def subject(self) -> str:
        """What the audit calls it."""
        return subject_of(self.project_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(ProjectHead):
    """A project in the register with everything that belongs to it.

    `items` are what it measures every month, `recorded` which of them have come in: the item's name and the month,
    YYYY-MM, in order.
    """

    periods: tuple[Period, ...] = ()
    certifications: tuple[Certification, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    items: tuple[MonitoringItem, ...] = ()
    recorded: tuple[tuple[str, str], ...] = ()

    @property
    def certified(self) -> bool:
        """Whether certification was ever applied for."""
        return bool(self.certifications)


class Role(StrEnum):
    """What somebody is to a project: in charge, to be asked when that person does not answer, or formerly in charge."""

    OWNER = "owner"
    SECOND = "second"
    FORMER = "former"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person who looks after projects, once however many they are.

    `ways` is the order in which they want to be reached: web, slack, teams, mail. `person` and `conversation` are
    where they talk to the desk (empty and 0: nowhere yet), `slack` Slack's name of them (`T…:U…`), `teams` that of Teams (tenant:user). `zone` is an IANA
    name. `muted`: they asked for no more nudges. `bounced_at`: their mail came back; `gone_at`: their account is no
    longer there. `seen_at`: their last sign of life.
    """

    id: int
    name: str
    mail: str = ""
    lang: str = "ja"
    zone: str = "Asia/Tokyo"
    ways: tuple[str, ...] = ()
    person: str = ""
    conversation: int = 0
    slack: str = ""
    teams: str = ""
    muted: bool = False
    bounced_at: datetime | None = None
    gone_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def subject(self) -> str:
        """What the audit calls them: a number, since the record cannot forget a name."""
        return f"contact:{self.id}"


@dataclass(frozen=True, slots=True)
class Duty:
    """What a person is to a project, from when, until when (None: still), and why it changed."""

    project: int
    contact: int
    role: Role
    since: datetime
    until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A committee round as staff entered it: the day it meets and the last day to apply; None where not known."""

    number: int
    held_on: date | None = None
    cutoff: date | None = None


class WindowKind(StrEnum):
    """What a window is: support for applications, the call for agriculture, or an auction."""

    SUPPORT = "support"
    AGRICULTURE = "agriculture"
    AUCTION = "auction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which something can be applied for, as staff entered it.

    `closes_at` is a moment, UTC. `used` is the share of the money that is gone, in per cent, as of `used_as_of`;
    None: not limited or not known. `levels` are the shares at which people are warned. `closed_at`: it is over, by
    its end, by the money, or by hand.
    """

    id: int
    kind: WindowKind
    name: str
    year: int
    opens_on: date | None = None
    closes_at: datetime | None = None
    announced_on: date | None = None
    used: int | None = None
    used_as_of: date | None = None
    levels: tuple[int, ...] = (50, 70)
    warned: tuple[int, ...] = ()
    closed_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """All that staff entered for dates; the same one as long as nothing of it changes. `settings` by rule and name."""

    rounds: tuple[Round, ...]
    windows: tuple[Window, ...]
    settings: Mapping[str, Mapping[str, str]]
