"""`jdesk`: the verbs of the office's tool."""

import sys

from pydantic import ValidationError

from bot.settings import Settings
from bot.verbs import app
from storage.faults import DatabaseDown


def main() -> None:
    """Entry of the `jdesk` command; a wrong setting or a database that is away is named instead of traced."""
    try:
        app(sys.argv[1] if len(sys.argv) > 1 else "")()
    except ValidationError as fault:
        if fault.title != Settings.__name__:
            raise
        wrong = (f"JDESK_{str(error['loc'][0]).upper()}: {error['msg']}" for error in fault.errors())
        sys.exit("\n".join(wrong))
    except DatabaseDown as fault:
        sys.exit(f"database: {fault}. Is JDESK_DATABASE_URL or JDESK_DATA_DIR right? See `jdesk doctor`.")


if __name__ == "__main__":
    main()
