"""`jdesk`: the verbs of the office's tool."""

from bot.verbs import app


def main() -> None:
    """Entry of the `jdesk` command."""
    app()


if __name__ == "__main__":
    main()
