"""What `jdesk` can do, one module per group of verbs. Exit 0 done, 1 refused with a reason, 2 wrong usage."""

import typer

from bot.verbs import ask, check, desk, knowledge, serve, talk

app = typer.Typer(
    name="jdesk",
    no_args_is_help=True,
    add_completion=False,
    help="The chat desk of a J-Credit support office.",
)
for module in (serve, ask, talk, check):
    module.add_to(app)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(desk.cases, name="case")
