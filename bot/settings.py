"""The only reader of the environment: every setting, typed, with secrets that hide when printed."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may set, each as `JDESK_<NAME>`; a `.env` file is read too."""

    model_config = SettingsConfigDict(env_prefix="JDESK_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(default="", description="SQLAlchemy URL; empty: an SQLite file in data_dir")
    data_dir: Path = Field(default=Path("data"), description="where the SQLite file lies")
    cache_dir: Path = Field(
        default=Path.home() / ".cache/jdesk", description="where indexes are kept; safe to delete"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on")
    secret: SecretStr = Field(
        default=SecretStr(""), description="signs the web chat's sessions; 32 characters or more"
    )
    secure_cookies: bool = Field(default=True, description="send cookies over https only")
    slack_bot_token: SecretStr = Field(default=SecretStr(""), description="xoxb-… of the Slack app")
    slack_app_token: SecretStr = Field(default=SecretStr(""), description="xapp-…; set it for Socket Mode")
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="verifies Slack's HTTP requests"
    )
    slack_client_id: str = Field(
        default="", description="client id of the Slack app; with its secret other workspaces can install it"
    )
    slack_client_secret: SecretStr = Field(
        default=SecretStr(""), description="client secret of the Slack app"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Slack's Web API; an emulator in tests"
    )
    slack_triage_channel: str = Field(
        default="",
        pattern=r"^([CG][A-Z0-9]+)?$",
        description="id (C…) of the channel in which staff see the cases; empty: none",
    )
    slack_forest_channel: str = Field(
        default="",
        pattern=r"^([CG][A-Z0-9]+)?$",
        description="id of the channel for cases of the forest desk; empty: the same one",
    )
    teams_app_id: str = Field(
        default="",
        pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$",
        description="application (client) id of the Teams bot; empty: no Teams",
    )
    teams_app_secret: SecretStr = Field(
        default=SecretStr(""), description="a client secret of that application"
    )
    teams_tenant: str = Field(
        default="", description="directory (tenant) id of a single-tenant bot; empty: any organisation"
    )
    teams_service_hosts: str = Field(
        default="", description="further hosts that messages may be sent to, with commas; emulators in tests"
    )
    teams_service_url: str = Field(
        default="https://smba.trafficmanager.net/teams",
        description="where Teams is reached for people and rooms that have not written yet",
    )
    teams_metadata_url: str = Field(
        default="", description="where the keys of incoming tokens are named; empty: Microsoft's"
    )
    teams_triage_channel: str = Field(
        default="",
        pattern=r"^(19:\S+)?$",
        description="id (19:…) of the channel in which staff see the cases; empty: none",
    )
    teams_forest_channel: str = Field(
        default="",
        pattern=r"^(19:\S+)?$",
        description="id of the channel for cases of the forest desk; empty: the same one",
    )
    smtp_host: str = Field(default="", description="mail server; empty: no mail")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_user: str = Field(default="", description="name to log in with; empty: no login")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="its password")
    smtp_tls: Literal["starttls", "ssl", "none"] = Field(
        default="starttls", description="how the connection is encrypted"
    )
    mail_from: str = Field(default="", description="whom mail comes from, such as Desk <desk@example.jp>")
    public_url: str = Field(default="", description="address of the web chat, for links in mail")
    heartbeat_url: SecretStr = Field(
        default=SecretStr(""),
        description="asked each minute while the clock runs, for a watcher outside; empty: none",
    )

    @property
    def url(self) -> str:
        """The database in use."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'jdesk.sqlite3'}"

    @property
    def slack(self) -> bool:
        """Whether a Slack app is configured."""
        return bool(self.slack_bot_token.get_secret_value()) or self.slack_oauth

    @property
    def slack_oauth(self) -> bool:
        """Whether workspaces can install the Slack app by themselves."""
        return bool(self.slack_client_id and self.slack_client_secret.get_secret_value())

    @property
    def teams(self) -> bool:
        """Whether a Teams bot is configured."""
        return bool(self.teams_app_id)

    @property
    def mail(self) -> bool:
        """Whether a mail server is configured."""
        return bool(self.smtp_host)

    @property
    def channels(self) -> frozenset[str]:
        """The channels on which this deployment sends."""
        there = {"web": True, "slack": self.slack, "teams": self.teams, "mail": self.mail}
        return frozenset(name for name, is_set in there.items() if is_set)
