"""What may go wrong with what is remembered; apart from SQLAlchemy, whose import costs a fifth of a second."""


class DatabaseDown(Exception):
    """The database is locked, unreachable or out of space; the work was not done and may be sent again."""
