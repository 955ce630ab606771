"""The live edition: the knowledge files as they stand in the database, byte for byte."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from knowledge.reader import name_of
from storage.database import Database
from storage.tables import knowledge_edition, knowledge_file


def replace(database: Database, files: Mapping[str, str], now: datetime) -> str:
    """Makes these files the live edition, whole or not at all, and gives its name."""
    with database.begin() as connection:
        return replace_in(connection, files, now)


def replace_in(connection: Connection, files: Mapping[str, str], now: datetime) -> str:
    """Makes these files the live edition within a transaction, and gives its name."""
    name = name_of(files)
    connection.execute(delete(knowledge_file))
    rows = [{"path": path, "content": content} for path, content in files.items()]
    connection.execute(insert(knowledge_file), rows)
    connection.execute(insert(knowledge_edition).values(name=name, imported_at=now, files=len(files)))
    return name


def live_name(database: Database) -> str:
    """The name of the live edition, or an empty string before the first import."""
    with database.look() as connection:
        newest = select(func.max(knowledge_edition.c.id)).scalar_subquery()
        return (
            connection.scalar(select(knowledge_edition.c.name).where(knowledge_edition.c.id == newest)) or ""
        )


def load(database: Database) -> dict[str, str]:
    """The files of the live edition: path to text."""
    with database.look() as connection:
        rows = connection.execute(select(knowledge_file).order_by(knowledge_file.c.path)).all()
    return {row.path: row.content for row in rows}
