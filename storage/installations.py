"""Workspaces that installed the Slack app by themselves, with their tokens sealed; moments are UTC."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select

from storage.database import Database
from storage.tables import slack_installation, slack_state


@dataclass(frozen=True, slots=True)
class Installed:
    """The app in a workspace (`T…`), or in an organisation as a whole (`E…`), which its workspaces then share.

    `sealed` is the token, of no use without the secret that sealed it; empty: that of the organisation is used.
    """

    name: str
    organisation: str
    title: str
    sealed: str
    bot: str
    bot_user: str
    scopes: str
    at: datetime


def save(database: Database, one: Installed) -> None:
    """Writes an installation down in place of an earlier one."""
    with database.begin() as connection:
        connection.execute(delete(slack_installation).where(slack_installation.c.name == one.name))
        connection.execute(insert(slack_installation).values(asdict(one)))


def share(database: Database, name: str, organisation: str, at: datetime) -> None:
    """Notes that a workspace shares the installation of its organisation, where it has none of its own."""
    shared = Installed(name, organisation, "", "", "", "", "", at)
    with database.begin() as connection:
        connection.execute(database.insert_new(slack_installation, [asdict(shared)]))


def find(database: Database, workspace: str, organisation: str = "") -> Installed | None:
    """The installation that serves a workspace: its own, else that of its organisation, named or known from before."""
    with database.look() as connection:
        table = slack_installation
        rows = {
            row.name: Installed(*row)
            for row in connection.execute(select(table).where(table.c.name.in_((workspace, organisation))))
        }
        own = rows.get(workspace)
        if own and not own.sealed and own.organisation not in rows:
            row = connection.execute(select(table).where(table.c.name == own.organisation)).one_or_none()
            rows |= {own.organisation: Installed(*row)} if row else {}
    if own and own.sealed:
        return own
    return rows.get(own.organisation if own else organisation)


def every(database: Database) -> tuple[Installed, ...]:
    """All that have a token, the oldest first."""
    table = slack_installation
    with database.look() as connection:
        rows = connection.execute(
            select(table).where(table.c.sealed != "").order_by(table.c.at, table.c.name)
        )
        return tuple(Installed(*row) for row in rows)


def drop(database: Database, name: str, before: datetime) -> None:
    """Forgets an installation, and who shares it, unless it was installed anew since that moment."""
    table = slack_installation
    mine = or_(table.c.name == name, and_(table.c.organisation == name, table.c.sealed == ""))
    with database.begin() as connection:
        connection.execute(delete(table).where(mine, table.c.at <= before))


def issue(database: Database, state: str, until: datetime, now: datetime) -> None:
    """Keeps the state of an installation that begins, and forgets those that were never ended."""
    with database.begin() as connection:
        connection.execute(delete(slack_state).where(slack_state.c.until < now))
        connection.execute(insert(slack_state).values(state=state, until=until))


def consume(database: Database, state: str, now: datetime) -> bool:
    """Whether an installation under that state may end now; once."""
    with database.begin() as connection:
        known = and_(slack_state.c.state == state, slack_state.c.until >= now)
        return bool(connection.execute(delete(slack_state).where(known)).rowcount)
