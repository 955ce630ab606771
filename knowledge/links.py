"""Which addresses a person may be sent to."""

_WEB = ("https://", "http://")


def web_address(url: str) -> str:
    """The address when it is one of the web and nothing else, without spaces or line breaks; else nothing."""
    whole = url.isprintable() and not any(letter.isspace() for letter in url)
    return url if whole and url.lower().startswith(_WEB) else ""
