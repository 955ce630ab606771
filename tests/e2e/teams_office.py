"""A day before Microsoft's playground, inside a network of its own: run by `test_teams.py`.

Alex asks, mentions, fills in a form, is nudged and answers; Megan is staff, in the room of the desk.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intents.desk.nudges.setting import Setting
from storage.database import Database
from tests.bot.channels.teams.visitor import actions, inputs, words
from tests.e2e.same_books import nudged_here, project, setting_here
from tests.e2e.slack_control import until
from tests.e2e.slack_modal import TYPED
from tests.e2e.teams_playground import (
    GENERAL,
    MEGAN,
    ROOM,
    TENANT,
    Body,
    Playground,
    aad,
    card_of,
    playground,
)

QUESTION, ANSWERED = "モニタリング報告書はいつまでに出しますか", "モニタリング報告書の提出期限"
UNKNOWN = "火星の石でクレジットを作ったら宇宙税はいくらですか"
REPLY = "火星での取組は対象になりません。"
NUDGE = "期限と手続きのお知らせ"
UNAUTHORIZED = 401
Done = dict[str, bool]


def question(shown: Playground) -> Done:
    """In a chat of one's own, and by a mention in a channel, where the answer comes into the thread."""
    done = {"question → card": shown.ask(QUESTION, ANSWERED)}
    done["one answer only"] = not until(lambda: len(shown.shown()) > 1, 2)
    asked = shown.say(QUESTION, GENERAL)
    answer = until(lambda: shown.saying(ANSWERED, place=GENERAL))
    thread = f"messageid={asked['messageId']}"
    done["mention → answer in the thread"] = bool(answer) and answer["thread"] == thread
    useful = shown.press(shown.shown()[-1], "役に立った")
    done["a choice is pressed"] = useful["type"].endswith("activity.message")
    done["and answered"] = bool(until(lambda: len(shown.shown()) > 1))
    return done


def filled(card: Body, values: Mapping[str, str]) -> dict[str, str]:
    """What a person enters into a card: these texts, else the first of what can be chosen."""
    found = {}
    for one in inputs(card):
        name = one["id"].split(":")[1]
        first = one["choices"][0]["value"] if "choices" in one else ""
        found[one["id"]] = values.get(name, first)
    return found


def sent(shown: Playground, message: Body, card: Body, values: Mapping[str, str]) -> Body:
    """Fills in a card that stands in a message, sends it, and gives the card that takes its place."""
    label = next(one["title"] for one in actions(card) if one["verb"] == "submit")
    told: dict[str, Any] = shown.press(standing(message, card), label, filled(card, values))
    return dict(told.get("value") or {})


def standing(message: Body, card: Body) -> Body:
    """The same message with the card that stands in it now."""
    return message | {"attachments": [{"content": card}]}


def consultation(shown: Playground) -> Done:
    """Filled in where it stands: what is wrong, what is right, what is to be checked, and the receipt."""
    done = {"form": shown.ask("個別相談を申し込みたい", "個別相談の申込み")}
    message, before = shown.shown()[-1], len(shown.shown())
    wrong = sent(shown, message, card_of(message), TYPED | {"mail": "taro@"})
    done["error in the form"] = "⚠" in words(wrong) and "⚠" not in words(card_of(message))
    done["what was entered stays"] = "taro@" in json.dumps(wrong, ensure_ascii=False)
    # What else is asked depends on the first answers, and came with the error.
    check = sent(shown, message, wrong, TYPED)
    done["to be checked"] = TYPED["about"] in words(check) and "⚠" not in words(check)
    receipt = shown.press(standing(message, check), "この内容で送る")["value"]
    done["a receipt in its place"] = "K-00001" in words(receipt)
    done["also for other devices"] = bool(until(lambda: "K-00001" in words(card_of(shown.shown()[-1]))))
    done["no message besides"] = not until(lambda: len(shown.shown()) > before, 2)
    return done


def nudge(shown: Playground, setting: Setting) -> Done:
    """What is due is said unasked, and answered by a button."""
    database = Database(f"sqlite:///{shown.folder}/jdesk.sqlite3")
    nudged_here(database, setting, "teams")
    letter = until(lambda: shown.saying(NUDGE, "申請締切まで90日"))
    done = {"a nudge comes unasked": bool(letter)}
    shown.press(letter, "完了")
    done["and is answered"] = bool(until(lambda: shown.saying("完了として記録しました")))
    database.close()
    return done


def desk(shown: Playground) -> Done:
    """A question that nobody can answer becomes a card in the room; its answer arrives where it was asked."""
    done = {"handed over": shown.ask(UNKNOWN, "K-00002")}
    card = until(lambda: shown.saying("K-00002", UNKNOWN, place=ROOM))
    done["a card in the room"] = bool(card)
    shown.press(card, "引き受ける")
    done["taken, in its place"] = bool(until(lambda: shown.saying("K-00002", "佐藤", "対応中", place=ROOM)))
    shown.say(f"返信：{REPLY}", ROOM, below=card["messageId"])
    done["the reply arrives"] = bool(until(lambda: shown.saying(REPLY)))
    numbers = [words(card_of(one)).count("K-00002") for one in shown.shown(ROOM) if not one["thread"]]
    done["one card for each"] = len(numbers) == 2
    return done


def day(shown: Playground, setting: Setting) -> Done:
    """All of it, in order."""
    done = question(shown) | consultation(shown) | nudge(shown, setting) | desk(shown)
    done["nothing was refused"] = not shown.signer.refused
    done["what nobody signed is"] = shown.signer.unsigned() == UNAUTHORIZED
    return done


def verbs(folder: Path) -> tuple[tuple[str, ...], ...]:
    """What stands in the books beforehand: one of staff, and a project."""
    sato = ("--display", "佐藤", "--role", "desk", "--teams", f"{TENANT}:{aad(MEGAN)}")
    return (("staff", "add", "sato", *sato), *project(folder))


def main(cli: str, folder: Path) -> None:
    """Starts all of it, plays, prints what went well as JSON."""
    setting = setting_here()
    room = {"JDESK_TEAMS_TRIAGE_CHANNEL": ROOM}
    with playground(cli, folder, room, verbs(folder)) as shown:
        print(json.dumps(day(shown, setting), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
