"""The product before the Slack emulator, inside a network of its own: run by `test_slack.py`.

The emulator listens on every interface, so both run where only loopback exists.
"""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e.slack_control import DESK, SLACK, call, running, until
from tests.e2e.slack_modal import consult, receipt_in

QUESTION = "モニタリング報告書はいつまでに出しますか"
Message = dict[str, Any]


def _config(mode: str) -> str:
    return f"""
workspace: {{name: T, domain: t, teamId: T01TEST}}
app: {{appId: A01APP, botUserId: U0BOT, botName: jdesk, botToken: xoxb-test-token, appToken: xapp-test-token,
      signingSecret: test-signing-secret, mode: {mode}, requestUrl: 'http://127.0.0.1:{DESK}/slack/events'}}
users: [{{id: U01ALICE, name: alice, email: alice@example.com}}]
channels: [{{id: C01GEN, name: general, members: [U01ALICE, U0BOT]}},
           {{id: D01AL, name: dm, is_im: true, is_channel: false, is_private: true, members: [U01ALICE, U0BOT]}}]
"""


def _answers(channel: str) -> list[Message]:
    messages: list[Message] = call(f"messages/{channel}")["messages"]
    return [message for message in messages if message.get("blocks") and message.get("user") != "U01ALICE"]


def _heard_privately() -> bool:
    """Whether one entry of the emulator's log is the answer to the slash command, for its asker only."""
    entries = call("log")
    rows = (
        next((rows for rows in entries.values() if isinstance(rows, list)), [])
        if isinstance(entries, dict)
        else entries
    )
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    return any("ephemeral" in text and "モニタリング報告書の提出期限" in text for text in texts)


def _button(message: Message, text: str) -> Message | None:
    actions = [block for block in message["blocks"] if block["type"] == "actions"]
    buttons = [element for block in actions for element in block["elements"]]
    return next((button for button in buttons if text in button["text"]["text"]), None)


def talk() -> dict[str, bool]:
    """One visitor's day; each figure is whether it went as it should."""
    done: dict[str, bool] = {}
    call("message", {"channel": "D01AL", "user": "U01ALICE", "text": QUESTION})
    answered = until(lambda: _answers("D01AL"))
    done["direct message"] = bool(answered) and "モニタリング報告書の提出期限" in json.dumps(
        answered, ensure_ascii=False
    )
    done["one answer only"] = bool(answered) and not until(lambda: len(_answers("D01AL")) > 1, 2)
    call("message", {"channel": "C01GEN", "user": "U01ALICE", "text": f"<@U0BOT> {QUESTION}"})
    mentioned = until(lambda: _answers("C01GEN"))
    done["mention, in a thread"] = bool(mentioned) and bool(mentioned[-1].get("thread_ts"))
    done["a mention is one effect"] = bool(mentioned) and not until(lambda: len(_answers("C01GEN")) > 1, 2)
    vote = _button(answered[-1], "役に立った") if answered else None
    if vote:
        action = {"type": "button", "action_id": vote["action_id"], "value": vote["value"]}
        press = {"channel": "D01AL", "messageTs": answered[-1]["ts"], "user": "U01ALICE", "action": action}
        call("interact", press)
    done["feedback button"] = bool(vote) and bool(until(lambda: len(_answers("D01AL")) > 1))
    command = call(
        "command", {"channel": "C01GEN", "user": "U01ALICE", "command": "/jdesk", "text": QUESTION}
    )
    heard = until(_heard_privately, 5)
    done["slash command"] = bool(command) and bool(heard)
    call("open-home", {"user": "U01ALICE"})
    done["home tab"] = bool(until(lambda: "views.publish" in json.dumps(call("log"))))
    return done


def consultation() -> dict[str, bool]:
    """A consultation asked for in a thread, filled in as a modal."""
    place = {"channel": "C01GEN", "user": "U01ALICE"}
    before = len(_answers("C01GEN"))
    call("message", place | {"text": "<@U0BOT> 個別相談を申し込みたい"})
    asked = until(lambda: len(_answers("C01GEN")) > before and _answers("C01GEN")[-1])
    form = _button(asked, "フォームで入力する") if asked else None
    if form is None:
        return {"a dialog on Slack": False}
    action = {"type": "button", "action_id": form["action_id"], "value": form["value"]}
    press = partial(call, "interact", place | {"messageTs": asked["ts"], "action": action})
    done = consult(f"http://127.0.0.1:{SLACK}", press)
    said = until(lambda: receipt_in(_answers("C01GEN"), asked["thread_ts"]), 20)
    return done | {"a receipt in the thread": bool(said)}


def main(binary: str, mode: str, folder: Path) -> None:
    """Starts the emulator and the product, talks, prints what went well as JSON."""
    with running(binary, mode, folder, _config(mode)):
        print(json.dumps(talk() | consultation(), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
