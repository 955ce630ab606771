"""One more text at the end of a list in a TOML file that people edit: everything else stays byte for byte."""

import json
import re

# Strings and comments may hold brackets that mean nothing; long strings come first.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""' + r"|'''.*?'''" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'|#[^\n]*|[\[\]]",
    re.DOTALL,
)
_HEADER = re.compile(r"^\[[^\n]*\][ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)


def quoted(text: str) -> str:
    """The text as a TOML string on one line; runs of white space become one space."""
    # JSON leaves this one character as it stands, TOML forbids it.
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "")


def with_item(text: str, table: tuple[int, int], key: str, item: str) -> str:
    """The text with one more item in the list `key` of the table between these places.

    The list is begun at the end of the table where there is none.
    """
    first, last = table
    head = re.compile(rf"^{re.escape(key)}[ \t]*=[ \t]*\[", re.MULTILINE).search(text, first, last)
    if head is None:
        end = first + len(text[first:last].rstrip())
        return f"{text[:end]}\n{key} = [\n  {quoted(item)},\n]{text[end:]}"
    close = _closing(text, head.end())
    return text[: head.end()] + _longer(text[head.end() : close], quoted(item)) + text[close:]


def table_of(text: str, name: str) -> tuple[int, int] | None:
    """From where to where the table of that name stands, its header aside; nothing when there is none."""
    written = {f'["{name}"]', f"['{name}']", f"[{name}]"}
    headers = [*_HEADER.finditer(text)]
    for header, after in zip(headers, [*headers[1:], None], strict=True):
        if header[0].partition("#")[0].strip() in written:
            return header.end(), after.start() if after else len(text)
    return None


def top_of(text: str) -> tuple[int, int]:
    """From where to where the keys stand that belong to no table."""
    header = _HEADER.search(text)
    return 0, header.start() if header else len(text)


def _closing(text: str, begin: int) -> int:
    """The place of the bracket that closes the list whose first item begins there; the end when it is broken."""
    depth = 1
    for token in _TOKEN.finditer(text, begin):
        depth += {"[": 1, "]": -1}.get(token[0], 0)
        if not depth:
            return token.start()
    return len(text)


def _longer(items: str, item: str) -> str:
    """The items of a list with one more, in the way they are written: a line each, or all on one."""
    seen = _TOKEN.sub(lambda token: (" " if token[0][0] == "#" else "x") * len(token[0]), items)
    end = len(seen.rstrip())
    comma = "," if end and seen[end - 1] != "," else ""
    rest = seen[end:]
    if "\n" not in rest:
        return f"{items[:end]}{comma}{' ' if end else ''}{item}{items[end:]}"
    line = end + rest.rindex("\n") + 1
    feed = "\r\n" if items[:line].endswith("\r\n") else "\n"
    return f"{items[:end]}{comma}{items[end:line]}  {item},{feed}{items[line:]}"
