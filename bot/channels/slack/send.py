"""Letters of the outbox to Slack; looks before it sends again."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.blocks import home_blocks, messages
from bot.delivery import Hopeless, Later
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.outbox import Letter

log = structlog.get_logger()
EVENT = "jdesk_reply"
HOME_BLOCKS, PROMPTS, LOOK, OK, TOO_MANY, UNTOLD_WAIT = 100, 4, 200, 200, 429, 30
# Slack takes about one message a second in a channel.
PACE = timedelta(seconds=1)
_HOPELESS = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "user_not_found", "invalid_blocks"}
)


class SlackSender:
    """Sends by the Web API; looks before it sends again."""

    def __init__(self, client: AsyncWebClient, wording: Wording) -> None:
        self._client, self._wording = client, wording

    @property
    def pace(self) -> timedelta:
        """The least time between two letters to one channel."""
        return PACE

    async def send(self, letter: Letter) -> str:
        """Sends a letter and gives Slack's reference. Raises Later and Hopeless."""
        try:
            return await self._send(letter)
        except SlackApiError as fault:
            raise _judged(fault) from fault
        except (OSError, TimeoutError) as fault:
            # The network, not the letter, is at fault.
            raise Later(None, repr(fault)) from fault

    async def _send(self, letter: Letter) -> str:
        address = letter.address
        if home := address.get("home"):
            blocks = list(home_blocks(letter.body, self._wording))[:HOME_BLOCKS]
            await self._client.views_publish(user_id=home, view={"type": "home", "blocks": blocks})
            return f"home:{home}"
        if url := address.get("response_url"):
            return await self._answered(letter, url)
        if "assistant" in address:
            await self._suggest(address["channel"], address["thread"], letter.body.lang)
        # An earlier try may have arrived, whole or in part: only what is not there is sent.
        there = await self._arrived(letter) if letter.attempts > 1 else {}
        return await self._post(letter, there)

    async def _post(self, letter: Letter, there: Mapping[int, str]) -> str:
        address, reference = letter.address, there.get(0, "")
        for page, message in enumerate(messages(letter.body, self._wording)):
            if page in there:
                continue
            if page:
                await asyncio.sleep(PACE.total_seconds())
            metadata = {"event_type": EVENT, "event_payload": {"key": letter.key, "page": page}}
            sent = await self._client.chat_postMessage(
                channel=address["channel"],
                thread_ts=address.get("thread"),
                unfurl_links=False,
                metadata=metadata,
                **message,
            )
            reference = reference or str(sent["ts"])
        return reference

    async def _suggest(self, channel: str, thread: str, lang: Lang) -> None:
        questions = self._wording.group("starters", lang)[:PROMPTS]
        prompts = [{"title": question, "message": question} for question in questions]
        title = self._wording.say("web.starters", lang)
        try:
            await self._client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, thread_ts=thread, title=title, prompts=prompts
            )
        except SlackApiError as fault:
            if fault.response.status_code == TOO_MANY:
                raise
            # A workspace without assistants still gets the greeting.
            log.info("no_suggested_prompts", error=str(_judged(fault)))

    async def _answered(self, letter: Letter, url: str) -> str:
        try:
            return await self._respond(letter, url)
        except Hopeless:
            # The way back from a command is open for half an hour and five answers; a form takes longer sometimes.
            if user := letter.address.get("user"):
                return await self._post(replace(letter, address={"channel": user}), {})
            raise

    async def _respond(self, letter: Letter, url: str) -> str:
        webhook = AsyncWebhookClient(url, timeout=self._client.timeout, retry_handlers=[])
        for message in messages(letter.body, self._wording):
            answer = await webhook.send(response_type="ephemeral", **message)
            if answer.status_code != OK:
                raise _refused(answer.status_code, answer.headers)
        return "response_url"

    async def _arrived(self, letter: Letter) -> dict[int, str]:
        """The pages of a letter that Slack has already, with their times of posting."""
        channel, thread = letter.address["channel"], letter.address.get("thread")
        since = str(letter.put_at.timestamp()) if letter.put_at else "0"
        look: dict[str, Any] = {
            "channel": channel,
            "oldest": since,
            "include_all_metadata": True,
            "limit": LOOK,
        }
        try:
            if thread:
                found = await self._client.conversations_replies(ts=thread, **look)
            else:
                found = await self._client.conversations_history(**look)
        except SlackApiError as fault:
            if fault.response.status_code == TOO_MANY:
                raise
            # Not allowed to look: rather twice than never.
            log.warning("slack_cannot_look", key=letter.key, why=str(_judged(fault)))
            return {}
        posted: list[dict[str, Any]] = found.get("messages") or []
        payloads = (
            (message.get("metadata", {}).get("event_payload", {}), message["ts"]) for message in posted
        )
        return {int(payload["page"]): str(ts) for payload, ts in payloads if payload.get("key") == letter.key}


def _judged(fault: SlackApiError) -> Later | Hopeless:
    response = fault.response
    if response.status_code != OK:
        return _refused(response.status_code, response.headers)
    # A proxy or an outage answers with a page instead of Slack's JSON.
    error = str(response.data.get("error")) if isinstance(response.data, dict) else "not JSON"
    return Hopeless(error) if error in _HOPELESS else Later(None, error)


def _refused(status: int, headers: Mapping[str, Any]) -> Later | Hopeless:
    if status == TOO_MANY:
        wait = headers.get("Retry-After") or headers.get("retry-after") or UNTOLD_WAIT
        return Later(float(wait[0] if isinstance(wait, list) else wait))
    gone = status in (400, 403, 404, 410)
    return Hopeless(f"status {status}") if gone else Later(None, f"status {status}")
