"""The live edition: in and out byte for byte."""

from knowledge.reader import files_in
from storage import knowledge_files
from storage.database import Database
from tests.kit import NOON


def test_an_edition_comes_back_byte_for_byte(database: Database) -> None:
    """What was imported is what is exported."""
    files = files_in()
    name = knowledge_files.replace(database, files, NOON)
    assert knowledge_files.load(database) == files
    assert knowledge_files.live_name(database) == name
