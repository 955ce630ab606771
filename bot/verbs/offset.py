"""`jdesk offset`: applications for the carbon offset of return gifts, and the texts that they come to."""

import json
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from bot.verbs.office_desk import day, desk, say
from bot.verbs.seminar_desk import In, Json, tokyo
from intents.desk import offset_applications as rules
from intents.desk.offset_records import ASK_STAFF, Application
from intents.desk.offsets import arithmetic, certificate_text, leaflet_text, missing, tonnes_to_retire
from intents.desk.refused import Refused
from knowledge.credits import load_credits
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks

SUBJECT = "offset_desk"
app = typer.Typer(no_args_is_help=True, help="Carbon offsets of return gifts.")
Number = Annotated[str, typer.Argument(help="the case's number, such as K-00012")]


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="offset")


@app.command("list")
def list_(as_json: Json = False, lang: In = Lang.JA) -> None:
    """Every application, the newest first, and what they come to together."""
    with desk(SUBJECT, lang) as opened:
        found = opened.offsets.listing()
        sums = rules.figures(found, opened.outreach.listing())
    rows = [_row(one, lang) for one in found]
    if as_json:
        whole = {"suppliers": sums.suppliers, "items": sums.items, "units": sums.units, "tonnes": sums.tonnes}
        typer.echo(json.dumps({"applications": rows, "whole": whole}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join(str(row[name]) for name in ("number", "applied", "supplier", "units", "tonnes")))
    typer.echo(f"{sums.suppliers} suppliers, {sums.items} items, {sums.units} units, {sums.tonnes} t-CO2")


def _row(one: Application, lang: Lang) -> dict[str, object]:
    return {
        "number": one.case,
        "applied": tokyo(one.applied_at),
        "supplier": one.supplier,
        "prefecture": one.prefecture,
        "portals": one.portals,
        "items": len(one.items),
        "units": sum(item.units for item in one.items),
        "tonnes": None if missing(one.items) else tonnes_to_retire(one.items),
        "credit": credit_name(one.credit, lang),
        "retired": one.retired_on.isoformat() if one.retired_on else None,
    }


def credit_name(credit: str, lang: Lang) -> str:
    """What a credit is called; staff still have to choose one where they were asked to."""
    if credit == ASK_STAFF:
        return say(SUBJECT, "staff", lang)
    known = load_credits().get(credit)
    return known.name.in_(lang) if known else credit


@app.command()
def show(number: Number, as_json: Json = False, lang: In = Lang.JA) -> None:
    """One application: who, which items, the arithmetic, and the drafts of the certificate and the leaflet."""
    with desk(SUBJECT, lang) as opened:
        one = rules.find(opened, number)
        opened.audit.note(f"offset:{one.case}", "read", reason="jdesk offset show")
    row = _row(one, lang) | {"leaflet": one.leaflet, "name": one.name, "mail": one.mail, "phone": one.phone}
    sums = arithmetic(one.items, lang, load_wording())
    drafts = _drafts(one, lang)
    if as_json:
        typer.echo(json.dumps(row | {"arithmetic": list(sums), "drafts": drafts}, ensure_ascii=False))
        return
    for name, value in row.items():
        typer.echo(f"{name:<11} {value}")
    for line in sums:
        typer.echo(line)
    for name, text in drafts.items():
        typer.echo(f"\n{say(SUBJECT, name, lang)}\n{text}")


def _drafts(one: Application, lang: Lang) -> dict[str, str]:
    """The texts; why there are none yet stands in their place."""
    names = ("draft_certificate", "draft_leaflet")
    if open_ := missing(one.items):
        return dict.fromkeys(names, say(SUBJECT, "not_settled", lang, names=" / ".join(open_)))
    if one.credit == ASK_STAFF:
        return dict.fromkeys(names, say(SUBJECT, "no_credit", lang, number=one.case))
    offset, wording = rules.offset_of(one, credit_name(one.credit, lang)), load_wording()
    leaflet = leaflet_text(offset, lang, wording) if one.leaflet else say(SUBJECT, "not_wanted", lang)
    return {names[0]: certificate_text(offset, lang, wording), names[1]: leaflet}


@app.command("set")
def set_(
    number: Number,
    item: Annotated[int | None, typer.Option(help="which item, from 1")] = None,
    kg: Annotated[str | None, typer.Option(help="its kilograms of CO2 for each unit")] = None,
    credit: Annotated[str | None, typer.Option(help="id in knowledge/offsets/credits.toml")] = None,
    retired: Annotated[str | None, typer.Option(help="the day on which the credits were retired")] = None,
    lang: In = Lang.JA,
) -> None:
    """Settles what is open: an item's emissions, the credit, the day of the retirement."""
    with desk(SUBJECT, lang) as opened:
        if (item is None) is not (kg is None):
            raise Refused("pair_missing")
        if item is None and credit is None and retired is None:
            raise Refused("nothing_to_set")
        if item is not None and kg is not None:
            rules.set_factor(opened, number, item, _kg(kg))
        if credit is not None:
            _choose(opened, number, credit)
        if retired is not None:
            rules.retire(opened, number, day(retired))
        one = rules.find(opened, number)
    typer.echo("\n".join(arithmetic(one.items, lang, load_wording())))


def _kg(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as fault:
        raise Refused("kg_wrong", value=text) from fault
    if not value.is_finite() or value < 0:
        raise Refused("kg_wrong", value=text)
    return value


def _choose(opened: StoredBooks, number: str, credit: str) -> None:
    if credit not in load_credits():
        raise Refused("credit_unknown", credit=credit, known=", ".join(load_credits()))
    rules.choose_credit(opened, number, credit)
