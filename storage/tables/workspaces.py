"""The tables of the organisations in whose chat the desk is."""

from sqlalchemy import Column, String, Table, Text

from storage.tables.base import MOMENT, metadata

workspace = Table(
    "workspace",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("name", String(200), primary_key=True),  # the channel's name of it, such as T… on Slack
    Column("left_at", MOMENT, nullable=False),  # when the desk was last taken out of it
    Column("why", String(40), nullable=False),
    Column("back_at", MOMENT),  # when it last showed that the desk is there again
)

slack_installation = Table(
    "slack_installation",
    metadata,
    Column("name", String(40), primary_key=True),  # T… of a workspace, E… of an organisation as a whole
    Column("organisation", String(40), nullable=False),  # empty: none
    Column("title", String(200), nullable=False),
    Column("sealed", Text, nullable=False),  # the token; empty: that of the organisation
    Column("bot", String(40), nullable=False),
    Column("bot_user", String(40), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
)

slack_state = Table(
    "slack_state",
    metadata,
    Column("state", String(64), primary_key=True),  # of an installation under way
    Column("until", MOMENT, nullable=False),
)
