"""Letters of the outbox to Slack; looks before it sends again."""

from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.blocks import home_blocks, messages
from bot.delivery import Hopeless, Later
from knowledge.wording import Wording
from storage.outbox import Letter

EVENT = "jdesk_reply"
HOME_BLOCKS = 100
_HOPELESS = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "user_not_found", "invalid_blocks", "invalid_auth"}
)


class SlackSender:
    """Sends by the Web API. `again` is what could not be known: whether an earlier try arrived."""

    def __init__(self, client: AsyncWebClient, wording: Wording) -> None:
        self._client, self._wording = client, wording

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
            blocks = list(home_blocks(letter.body))[:HOME_BLOCKS]
            await self._client.views_publish(user_id=home, view={"type": "home", "blocks": blocks})
            return f"home:{home}"
        if url := address.get("response_url"):
            return await self._respond(letter, url)
        if letter.attempts > 1 and (found := await self._arrived(letter)):
            return found
        reference = ""
        for message in messages(letter.body, self._wording):
            metadata = {"event_type": EVENT, "event_payload": {"key": letter.key}}
            sent = await self._client.chat_postMessage(
                channel=address["channel"],
                thread_ts=address.get("thread"),
                unfurl_links=False,
                metadata=metadata,
                **message,
            )
            reference = str(sent["ts"])
        return reference

    async def _respond(self, letter: Letter, url: str) -> str:
        webhook = AsyncWebhookClient(url)
        for message in messages(letter.body, self._wording):
            await webhook.send(response_type="ephemeral", **message)
        return "response_url"

    async def _arrived(self, letter: Letter) -> str:
        channel, thread = letter.address["channel"], letter.address.get("thread")
        if thread:
            found = await self._client.conversations_replies(
                channel=channel, ts=thread, include_all_metadata=True, limit=100
            )
        else:
            found = await self._client.conversations_history(
                channel=channel, include_all_metadata=True, limit=100
            )
        posted: list[dict[str, Any]] = found.get("messages") or []
        keys = {
            str(message.get("metadata", {}).get("event_payload", {}).get("key")): message
            for message in posted
        }
        return str(keys[letter.key]["ts"]) if letter.key in keys else ""


def _judged(fault: SlackApiError) -> Later | Hopeless:
    if fault.response.status_code == 429:
        return Later(float(fault.response.headers.get("Retry-After", 30)))
    error = str(fault.response.get("error"))
    return Hopeless(error) if error in _HOPELESS else Later(None, error)
