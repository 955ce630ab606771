"""`jdesk doctor`: names every setting that is missing or wrong, with what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.mail.envelope import BadAddress, address
from bot.clock import Clock, tokyo_day
from bot.heartbeat import SCHEDULER, SILENT
from bot.settings import Settings
from knowledge.links import web_address
from knowledge.reader import files_in, read
from storage import heartbeats, knowledge_files, workspaces
from storage.database import BadUrl, Database, DatabaseDown
from storage.migrate import is_current

SECRET_LENGTH = 32
HORIZON = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: the setting's name, and the sentence about it (`doctor.…`) when it is wrong."""

    name: str
    problem: str = ""
    serious: bool = True


def findings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Everything looked at, in the order in which to mend it."""
    yield from _secret(settings)
    yield from _database(settings, clock)
    yield from _slack(settings)
    yield from _teams(settings)
    yield from _mail(settings)
    yield from _watcher(settings)
    yield _calendar(clock)


def _secret(settings: Settings) -> Iterator[Finding]:
    short = len(settings.secret.get_secret_value()) < SECRET_LENGTH
    yield Finding("JDESK_SECRET", "secret_short" if short else "")
    yield Finding("JDESK_SECURE_COOKIES", "" if settings.secure_cookies else "cookies_open", serious=False)


def _database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        database = Database(settings.url)
        current = is_current(database)
        yield Finding("JDESK_DATABASE_URL", "" if current else "not_migrated")
        if current:
            yield Finding("scheduler", "" if _ticks(database, clock) else "nobody_ticks", serious=False)
            for left in workspaces.left(database, "slack") if settings.slack else ():
                yield Finding(f"Slack {left.name}", "workspace_gone")
        yield Finding("knowledge", "" if knowledge_files.live_name(database) else "no_edition")
        yield Finding("JDESK_DATABASE_URL", "embedded" if database.embedded else "", serious=False)
    except BadUrl:
        yield Finding("JDESK_DATABASE_URL", "url_unreadable")
    except DatabaseDown:
        yield Finding("JDESK_DATABASE_URL", "database_down")


def _ticks(database: Database, clock: Clock) -> bool:
    """Whether the scheduler of any process was heard lately."""
    seen = heartbeats.last(database).get(SCHEDULER)
    return seen is not None and clock() - seen <= SILENT


def _slack(settings: Settings) -> Iterator[Finding]:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    yield from _slack_oauth(settings)
    if settings.slack_oauth and not bot:
        # With a second workspace nobody could say any more whose token the room of staff needs.
        room = settings.slack_triage_channel or settings.slack_forest_channel
        yield Finding("JDESK_SLACK_BOT_TOKEN", "room_without_token" if room else "")
        return
    if not bot:
        yield Finding("JDESK_SLACK_BOT_TOKEN", "slack_off", serious=False)
        return
    yield Finding("JDESK_SLACK_BOT_TOKEN", "" if bot.startswith("xoxb-") else "not_a_bot_token")
    yield Finding("JDESK_SLACK_APP_TOKEN", "" if not app or app.startswith("xapp-") else "not_an_app_token")
    signed = settings.slack_signing_secret.get_secret_value()
    yield Finding("JDESK_SLACK_SIGNING_SECRET", "" if app or signed else "no_signing_secret")


def _slack_oauth(settings: Settings) -> Iterator[Finding]:
    secret = settings.slack_client_secret.get_secret_value()
    if not settings.slack_client_id and not secret:
        return
    yield Finding("JDESK_SLACK_CLIENT_SECRET", "" if settings.slack_oauth else "slack_client_half")
    signed = settings.slack_signing_secret.get_secret_value()
    yield Finding("JDESK_SLACK_SIGNING_SECRET", "" if signed else "oauth_over_http")


def _teams(settings: Settings) -> Iterator[Finding]:
    if not settings.teams:
        yield Finding("JDESK_TEAMS_APP_ID", "teams_off", serious=False)
        return
    secret = settings.teams_app_secret.get_secret_value()
    yield Finding("JDESK_TEAMS_APP_SECRET", "" if secret else "no_teams_secret")
    yield Finding("JDESK_TEAMS_TENANT", "" if settings.teams_tenant else "any_tenant", serious=False)
    yield Finding(
        "JDESK_TEAMS_SERVICE_HOSTS", "more_hosts" if settings.teams_service_hosts else "", serious=False
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.mail:
        yield Finding("JDESK_SMTP_HOST", "mail_off", serious=False)
        return
    yield Finding("JDESK_MAIL_FROM", "" if _is_address(settings.mail_from) else "no_mail_from")
    password = settings.smtp_password.get_secret_value()
    alone = bool(settings.smtp_user) != bool(password)
    yield Finding("JDESK_SMTP_PASSWORD", "smtp_login_half" if alone else "")
    yield Finding("JDESK_SMTP_TLS", "smtp_open" if settings.smtp_tls == "none" else "", serious=False)
    url = settings.public_url
    yield Finding("JDESK_PUBLIC_URL", "" if url else "no_public_url", serious=False)
    yield Finding("JDESK_PUBLIC_URL", "" if not url or web_address(url) else "not_a_web_address")


def _watcher(settings: Settings) -> Iterator[Finding]:
    url = settings.heartbeat_url.get_secret_value()
    yield Finding("JDESK_HEARTBEAT_URL", "" if url else "no_watcher", serious=False)
    yield Finding("JDESK_HEARTBEAT_URL", "" if not url or web_address(url) else "not_a_web_address")


def _is_address(written: str) -> bool:
    try:
        return bool(address(written))
    except BadAddress:
        return False


def _calendar(clock: Clock) -> Finding:
    calendar = read(files_in()).edition.calendar
    ends = calendar is None or calendar.horizon < tokyo_day(clock()) + HORIZON
    return Finding("calendar.toml horizon", "horizon_near" if ends else "", serious=calendar is None)
