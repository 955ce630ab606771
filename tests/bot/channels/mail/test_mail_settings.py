"""What `jdesk doctor` says about mail, and who sends it."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.connect import Chats, senders_of
from bot.doctor import findings
from bot.settings import Settings
from bot.wiring import build
from tests.kit import clock

RIGHT: dict[str, object] = {
    "smtp_host": "127.0.0.1",
    "mail_from": "相談デスク <desk@example.jp>",
    "public_url": "https://desk.example.jp",
}


def _settings(folder: Path, **given: object) -> Settings:
    return Settings.model_validate({"data_dir": folder} | given)


def _problems(settings: Settings) -> set[str]:
    mail = ("JDESK_SMTP", "JDESK_MAIL", "JDESK_PUBLIC")
    return {found.problem for found in findings(settings, clock) if found.name.startswith(mail)} - {""}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, ""),
        ({"smtp_host": ""}, "mail_off"),
        ({"mail_from": "desk"}, "no_mail_from"),
        ({"mail_from": ""}, "no_mail_from"),
        ({"smtp_user": "x"}, "smtp_login_half"),
        ({"smtp_password": SecretStr("x")}, "smtp_login_half"),
        ({"smtp_tls": "none"}, "smtp_open"),
        ({"public_url": ""}, "no_public_url"),
        ({"public_url": "desk.example.jp"}, "not_a_web_address"),
    ],
)
def test_doctor_names_what_is_wrong(tmp_path: Path, given: dict[str, object], problem: str) -> None:
    """One setting, one sentence."""
    assert _problems(_settings(tmp_path, **RIGHT | given)) == ({problem} if problem else set())


def test_mail_is_sent_only_where_there_is_a_server(tmp_path: Path) -> None:
    """Else its letters wait in the outbox; letters to the web chat always leave."""
    for given, channels in (({}, {"web"}), (RIGHT, {"web", "mail"})):
        house = build(_settings(tmp_path, **given))
        assert set(senders_of(house, Chats())) == channels
        house.database.close()
