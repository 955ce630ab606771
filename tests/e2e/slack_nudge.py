"""A nudge before the Slack emulator, inside a network of its own: run by `test_nudges.py`.

Alice looks after a project; her nudge comes as a direct message, she answers that somebody else does now, and the
succession runs to its end. The clock of the nudge is the last working morning, whatever day the tests run on.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import TOKYO, now
from bot.schedule import do_due
from intents.desk.clock_work import areas
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import Setting, setting_of
from intents.desk.office_hours import add_working_days
from intents.desk.projects.records import Role
from intents.notices import load_notices
from knowledge.reader import files_in, read
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database
from storage.letter_hours import at_any_hour
from tests.e2e.slack_control import DESK, call, running, until

HEADINGS = (
    "案件番号,プロジェクト名,実施者,登録日,担当者名,担当者メール,第二連絡先名,第二連絡先メール,目標の回\n"
)
Message = dict[str, Any]


def config(mode: str) -> str:
    """The emulator's workspace: Alice and her direct message."""
    return f"""
workspace: {{name: T, domain: t, teamId: T01TEST}}
app: {{appId: A01APP, botUserId: U0BOT, botName: jdesk, botToken: xoxb-test-token, appToken: xapp-test-token,
      signingSecret: test-signing-secret, mode: {mode}, requestUrl: 'http://127.0.0.1:{DESK}/slack/events'}}
users: [{{id: U01ALICE, name: alice, email: alice@example.com}}]
channels: [{{id: C01GEN, name: general, members: [U01ALICE, U0BOT]}},
           {{id: D01AL, name: dm, is_im: true, is_channel: false, is_private: true, members: [U01ALICE, U0BOT]}}]
"""


def morning(setting: Setting) -> datetime:
    """Ten o'clock of the last working day."""
    today = now().astimezone(TOKYO).date()
    return datetime.combine(add_working_days(setting.hours, today, -1), setting.terms.hour, TOKYO)


def said() -> list[Message]:
    """What the desk said to Alice, oldest first; whatever the emulator calls their channel."""
    channels = [one["id"] for one in call("state").get("channels", []) if str(one["id"]).startswith("D")]
    found: list[Message] = []
    for channel in channels or ["D01AL"]:
        messages = call(f"messages/{channel}")["messages"]
        found += [
            one | {"channel": channel}
            for one in messages
            if one.get("blocks") and one.get("user") != "U01ALICE"
        ]
    return sorted(found, key=lambda message: float(message["ts"]))


def text_of(message: Message) -> str:
    """Everything that a message shows."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)


def saying(*words: str) -> Message | None:
    """The newest message that holds all these words."""
    return next((one for one in reversed(said()) if all(word in text_of(one) for word in words)), None)


def press(message: Message, label: str) -> None:
    """Presses a button of a message."""
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    buttons = [element for block in blocks for element in block["elements"]]
    button = next(one for one in buttons if one.get("text", {}).get("text") == label)
    action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
    call(
        "interact",
        {"channel": message["channel"], "messageTs": message["ts"], "user": "U01ALICE", "action": action},
    )


def write(text: str, answer: str) -> bool:
    """Alice writes, and the desk says something with that in it."""
    call("message", {"channel": "D01AL", "user": "U01ALICE", "text": text})
    return bool(until(lambda: saying(answer)))


def nudged(database: Database, setting: Setting) -> None:
    """The clock, on that morning; what it wrote leaves at whatever hour the tests run."""
    at = morning(setting)
    do_due(database, lambda: at, Pen(load_notices(), load_wording()), areas(setting))
    with database.begin() as connection:
        at_any_hour(connection)


def owners(database: Database) -> list[str]:
    """Who looks after the project now."""

    def look(opened: StoredBooks) -> list[str]:
        project = opened.projects.find("P-001")
        assert project
        ids = [duty.contact for duty in opened.contacts.duties([project.id]) if duty.role is Role.OWNER]
        return [one.mail for one in opened.contacts.of(ids)]

    with books(database, now(), "staff:e2e") as opened:
        return look(opened)


def play(database: Database, setting: Setting) -> dict[str, bool]:
    """From the nudge to the successor."""
    done: dict[str, bool] = {}
    nudged(database, setting)
    letter = until(lambda: saying("期限と手続きのお知らせ"))
    done["a nudge comes as a direct message"] = bool(letter) and "申請締切まで90日" in text_of(letter)
    done["only one"] = len([one for one in said() if "期限と手続きのお知らせ" in text_of(one)]) == 1
    call("command", {"channel": "C01GEN", "user": "U01ALICE", "command": "/jdesk", "text": "projects"})
    done["/jdesk projects"] = bool(until(lambda: "P-001" in json.dumps(call("log"), ensure_ascii=False)))
    press(dict(letter or {}), "担当者が変わった")
    done["the dialog begins"] = bool(until(lambda: saying("新しい担当の方")))
    done["known"] = write("分かる", "承知しています")
    done["agreed"] = write("はい", "お名前")
    done["named"] = write("後任花子", "メールアドレス")
    done["addressed"] = write("next@example.com", "内容の確認")
    done["handed over"] = write("送信", "後任花子様に変更しました")
    done["the register knows"] = bool(until(lambda: owners(database) == ["next@example.com"]))
    return done


def main(binary: str, mode: str, folder: Path) -> None:
    """Starts the emulator and the product, plays, prints what went well as JSON."""
    setting = setting_of(read(files_in()).edition)
    cutoff = morning(setting).date() + timedelta(days=90)
    row = "P-001,高効率ボイラーの導入,試験工業,2025-01-10,青井,alice@example.com,鈴木,second@example.com,60\n"
    file = folder / "projects.csv"
    file.write_text(HEADINGS + row, "utf-8")
    verbs = (
        ("rounds", "put", "60", "--cutoff", cutoff.isoformat()),
        ("projects", "import", str(file), "--yes"),
        ("projects", "person", "alice@example.com", "--slack", "T01TEST:U01ALICE"),
    )
    with running(binary, mode, folder, config(mode), {}, verbs):
        database = Database(f"sqlite:///{folder}/jdesk.sqlite3")
        done = play(database, setting)
        (folder / "said.json").write_text(json.dumps(said(), ensure_ascii=False, indent=1), "utf-8")
        print(json.dumps(done, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
