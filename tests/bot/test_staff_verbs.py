"""`jdesk staff` and `jdesk audit`: the words that staff type, what they read, exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.clock import now
from bot.verbs import app
from storage.audit import lines, verify
from storage.database import Database
from storage.migrate import migrate
from storage.staff import use_login

Run = Callable[..., Result]
ADD = ("staff", "add", "sato", "--display", "佐藤", "--role", "desk")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database that the verbs find."""
    made = Database(f"sqlite:///{tmp_path}/jdesk.sqlite3")
    migrate(made)
    return made


@pytest.fixture
def run(tmp_path: Path, database: Database) -> Run:
    """Runs `jdesk` with these words."""

    def run(*words: str, **more: str) -> Result:
        environment = {"JDESK_DATA_DIR": str(tmp_path), "JDESK_DATABASE_URL": "", "JDESK_PUBLIC_URL": ""}
        return CliRunner().invoke(app(words[0]), list(words), env=environment | more)

    return run


def _listed(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("staff", "list", "--json").stdout)
    return found


def test_staff_come_change_and_leave(run: Run) -> None:
    """From nobody to somebody who has left; what is not given stays."""
    assert "staff add" in run("staff", "list").stdout
    added = run(
        *ADD, "--slack", "T1:U1", "--prefecture", "千葉", "--prefecture", "Ibaraki", "--desk", "forest"
    )
    assert (added.exit_code, added.stdout) == (0, "sato（佐藤、窓口）を登録しました。\n")
    (one,) = _listed(run)
    assert (one["prefectures"], one["desks"], one["slack"]) == (["千葉県", "茨城県"], ["forest"], "T1:U1")
    assert run("staff", "change", "sato", "--role", "admin", "--prefecture", "").exit_code == 0
    assert "sato  佐藤  管理  forest  全域  T1:U1" in run("staff", "list").stdout
    assert "can no longer sign in" in run("staff", "remove", "sato", "--lang", "en").stdout
    assert "inactive" in run("staff", "list", "--lang", "en").stdout
    assert run("staff", "change", "sato", "--active").exit_code == 0
    assert _listed(run)[0]["active"] is True


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "Sato", "--display", "佐藤", "--role", "desk"), "lower-case"),
        (("add", "sato", "--display", "佐藤", "--role", "desk"), "staff change sato"),
        (("add", "ito", "--display", "伊藤", "--role", "desk", "--slack", "U1"), "--slack"),
        (("add", "ito", "--display", "伊藤", "--role", "desk", "--mail", "x"), "--mail"),
        (("add", "ito", "--display", "伊藤", "--role", "desk", "--prefecture", "大阪"), "茨城県"),
        (("change", "nobody", "--display", "x"), "staff list"),
        (("change", "sato", "--display", ""), "--display"),
        (("remove", "nobody"), "staff list"),
        (("login-link", "nobody"), "staff list"),
    ],
)
def test_a_refusal_names_the_field_and_the_fix(run: Run, words: tuple[str, ...], told: str) -> None:
    """On the error stream, with exit code 1."""
    run(*ADD)
    result = run("staff", *words, "--lang", "en")
    assert result.exit_code == 1
    assert told in result.stderr


def test_a_role_that_is_none_is_wrong_usage(run: Run) -> None:
    """Exit code 2, with the choices."""
    result = run(*ADD[:-1], "boss")
    assert result.exit_code == 2
    assert "editor" in result.stderr


def test_a_link_to_sign_in(run: Run, database: Database) -> None:
    """At the console's address, wherever that is; it signs in."""
    run(*ADD)
    link = run("staff", "login-link", "sato").stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/console/login/")
    public = run("staff", "login-link", "sato", JDESK_PUBLIC_URL="https://desk.example.jp/").stdout
    assert public.startswith("https://desk.example.jp/console/login/")
    given = run("staff", "login-link", "sato", "--base-url", "https://x.example").stdout
    assert given.startswith("https://x.example/console/login/")
    signed_in = use_login(database, link.rpartition("/")[2], now())
    assert signed_in
    assert signed_in[0].name == "sato"
    run("staff", "change", "sato", "--inactive")
    assert "--active" in run("staff", "login-link", "sato").stderr


def test_audit_complete_for_staff(run: Run, database: Database) -> None:
    """Each verb that changes something leaves one line, and none of them holds a token."""
    run(*ADD)
    run("staff", "change", "sato", "--role", "admin")
    token = run("staff", "login-link", "sato").stdout.strip().rpartition("/")[2]
    run("staff", "remove", "sato")
    found = lines(database, "staff:sato")
    assert [line.action for line in found] == ["added", "changed", "login_issued", "removed"]
    assert token not in str(found)
    listed = json.loads(run("audit", "list", "--subject", "staff:sato", "--json").stdout)
    assert [one["trace"] for one in listed] == [line.trace for line in found]
    assert "staff:terminal  staff:sato  added" in run("audit", "list").stdout
    assert run("audit", "list", "--subject", "x").stdout == "記録はありません。\n"


def test_audit_verify(run: Run, database: Database) -> None:
    """Prints the digest to keep; when somebody changed a line, names it and exits with 1."""
    run(*ADD)
    digest = verify(database).digest
    assert digest in run("audit", "verify").stdout
    assert json.loads(run("audit", "verify", "--json").stdout) == {
        "ok": True,
        "lines": 1,
        "digest": digest,
        "fault": None,
        "line": 0,
    }
    assert run("audit", "verify", "--noted", digest.upper()).exit_code == 0
    assert run("audit", "verify", "--noted", "0a").exit_code == 1
    with database.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET actor = 'staff:x'"))
    result = run("audit", "verify", "--lang", "en")
    assert result.exit_code == 1
    assert "Line 1 is not the one" in result.stderr
    assert json.loads(run("audit", "verify", "--json").stdout)["fault"] == "broken"
