"""Puts the Teams channel together from the settings; the SDK is imported here and below, and nowhere else."""

from collections.abc import Callable

from microsoft_teams.api.auth.cloud_environment import PUBLIC

from bot.channels.teams.api import TeamsApi
from bot.channels.teams.app import Teams
from bot.channels.teams.gate import HOSTS, Gate
from bot.channels.teams.send import TeamsSender
from bot.clock import Clock
from bot.desk import Desk
from bot.settings import Settings
from knowledge.wording import Wording


def build(
    settings: Settings,
    desk: Desk,
    wording: Wording,
    clock: Clock,
    rooms: frozenset[str],
    fetch: Callable[[], str] | None = None,
) -> Teams:
    """The channel of one bot; `rooms` are its channels of staff, `fetch` gives its token in the place of Entra."""
    app_id, tenant = settings.teams_app_id, settings.teams_tenant
    hosts = HOSTS | frozenset(filter(None, (one.strip() for one in settings.teams_service_hosts.split(","))))
    url = settings.teams_metadata_url or PUBLIC.openid_metadata_url
    gate = Gate.build(app_id, tenant=tenant, metadata_url=url, hosts=hosts)
    api = TeamsApi.build(
        app_id, settings.teams_app_secret.get_secret_value(), tenant, hosts=hosts, fetch=fetch
    )
    return Teams(
        desk, wording, clock, gate, api, TeamsSender(api, wording, settings.teams_service_url), rooms
    )
