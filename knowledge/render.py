"""The only door to Jinja2: text templates with strict names, and HTML pages that escape by default.

A visitor's words are only ever values. Answers that staff write in the console are templates too, so texts are filled
in a sandbox: a template may name its facts and can reach nothing else.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TEXT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # plain text; each channel escapes
    keep_trailing_newline=True,
)
# A text sees its facts and nothing else: none of Jinja's own functions either.
_TEXT.globals.clear()


class TemplateFault(ValueError):
    """A template that does not parse, or names something that does not exist."""


def fill(template: str, **names: object) -> str:
    """The template with its names filled in; raises TemplateFault when one is missing."""
    if "{" not in template:
        return template
    try:
        text = _compiled(template)
        # A text sees its facts alone: a context made by the template would list all that lies beneath them, each time.
        facts = _TEXT.context_class(_TEXT, names, text.name, text.blocks)
        return "".join(text.root_render_func(facts))
    except TemplateError as fault:
        raise TemplateFault(str(fault)) from fault


@lru_cache(maxsize=4096)
def _compiled(template: str) -> Template:
    """Compiling costs a hundred times what filling does, and a letter has many lines."""
    return _TEXT.from_string(template)


@lru_cache(maxsize=4096)
def names_in(template: str) -> frozenset[str]:
    """The top-level names that a template asks for; raises TemplateFault when it does not parse."""
    try:
        return frozenset(meta.find_undeclared_variables(_TEXT.parse(template)))
    except TemplateError as fault:
        raise TemplateFault(str(fault)) from fault


class Pages:
    """HTML templates of one folder; every value is escaped unless it is Markup."""

    def __init__(self, folder: Path, **always: object) -> None:
        self._pages = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals.update(always)

    def render(self, name: str, names: Mapping[str, object]) -> str:
        """The page with its names filled in."""
        return self._pages.get_template(name).render(names)
