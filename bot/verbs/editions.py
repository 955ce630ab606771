"""Which edition a verb works on: a folder, a foreign JSONL file, the live one, or the product's own files."""

from pathlib import Path

from bot.settings import Settings
from knowledge.foreign import ForeignFault, read_foreign
from knowledge.model import Edition
from knowledge.reader import files_in, read


class Unreadable(Exception):
    """A path that is no edition; the text says which and why."""


def edition_at(path: Path | None) -> Edition:
    """The edition at a path; without one, the live edition, or the files before there is a database."""
    if path is None:
        return _live() or read(files_in()).edition
    if path.is_dir():
        files = files_in(path)
        if not files:
            raise Unreadable(f"{path}: holds no knowledge files")
        return read(files).edition
    if not path.is_file():
        raise Unreadable(f"{path}: does not exist")
    try:
        return read_foreign(path.read_text("utf-8-sig"))
    except (ForeignFault, UnicodeDecodeError) as fault:
        raise Unreadable(f"{path}: {fault}") from fault


def _live() -> Edition | None:
    settings = Settings()
    if not settings.database_url and not (settings.data_dir / "jdesk.sqlite3").exists():
        return None
    # Imported late: a question to a folder or to a foreign edition needs no database.
    from storage import knowledge_files
    from storage.database import Database

    files = knowledge_files.load(Database(settings.url))
    return read(files).edition if files else None
