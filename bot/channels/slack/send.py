"""Letters of the outbox to Slack; looks before it sends again."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.blocks import card_message, home_page, messages
from bot.channels.slack.judge import GONE, OK, away, error_of, judged, refused
from bot.channels.slack.presence import Presence
from bot.channels.slack.room import reference, ts_of
from bot.delivery import Hopeless, Later
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.outbox import Letter

log = structlog.get_logger()
EVENT = "jdesk_reply"
PROMPTS, LOOK, TOO_MANY = 4, 200, 429
# Slack takes about one message a second in a channel.
PACE = timedelta(seconds=1)
# How the names of people begin; those of channels begin otherwise.
PEOPLE = ("U", "W")


class SlackSender:
    """Sends by the Web API; looks before it sends again."""

    def __init__(self, client: AsyncWebClient, wording: Wording, presence: Presence | None = None) -> None:
        self._client, self._wording, self._presence = client, wording, presence

    @property
    def pace(self) -> timedelta:
        """The least time between two letters to one channel."""
        return PACE

    async def send(self, letter: Letter) -> str:
        """Sends a letter and gives Slack's reference. Raises Later and Hopeless."""
        try:
            return await self._send(letter)
        except SlackApiError as fault:
            raise judged(fault, letter.attempts) from fault
        except (OSError, TimeoutError, ClientError) as fault:
            raise away(repr(fault), letter.attempts) from fault

    async def _send(self, letter: Letter) -> str:
        if self._presence:
            await self._presence.check(letter.address.get("team", ""), self._client)
        address = letter.address
        if home := address.get("home"):
            view = {"type": "home", "blocks": home_page(letter.body, self._wording)}
            await self._client.views_publish(user_id=home, view=view)
            return f"home:{home}"
        if url := address.get("response_url"):
            return await self._or_directly(letter, self._respond(letter, url))
        if "only" in address:
            return await self._or_directly(letter, self._whisper(letter))
        if "card" in address:
            return await self._show(letter)
        if "under" in address:
            return await self._below(letter)
        if "assistant" in address:
            await self._suggest(address["channel"], address["thread"], letter.body.lang)
        return await self._post(letter)

    async def _post(self, letter: Letter) -> str:
        letter = await self._at_home(letter)
        address, known_as = letter.address, ""
        # An earlier try may have arrived, whole or in part: only what is not there is sent.
        there = await self._arrived(letter) if letter.attempts > 1 else {}
        for page, message in enumerate(messages(letter.body, self._wording)):
            if page not in there:
                if page:
                    await asyncio.sleep(PACE.total_seconds())
                there[page] = await self._say(letter, {"page": page}, message, address.get("thread"))
            known_as = known_as or there[page]
        return known_as

    async def _at_home(self, letter: Letter) -> Letter:
        """A letter to a person into the channel that they share with us.

        Opening it is how Slack tells that somebody has left, and only in a channel can be looked for what arrived.
        """
        person = letter.address["channel"]
        if not person.startswith(PEOPLE):
            return letter
        try:
            opened = await self._client.conversations_open(users=person)
        except SlackApiError as fault:
            why = judged(fault, letter.attempts)
            if isinstance(why, Hopeless) or why.seconds is not None:
                raise
            # Not allowed to open it: Slack does that by itself when something is written to the person.
            log.warning("slack_cannot_open", key=letter.key, why=str(why))
            return letter
        channel = (opened.get("channel") or {}).get("id", person)
        return replace(letter, address={**letter.address, "channel": channel})

    async def _say(
        self, letter: Letter, more: Mapping[str, Any], message: dict[str, Any], thread: str | None = None
    ) -> str:
        sent = await self._client.chat_postMessage(
            channel=letter.address["channel"],
            thread_ts=thread,
            unfurl_links=False,
            metadata={"event_type": EVENT, "event_payload": {"key": letter.key, **more}},
            **message,
        )
        return str(sent["ts"])

    # ---------------------------------------------------- cards, and what stands below them

    async def _show(self, letter: Letter) -> str:
        """Changes the card that is there; posts it where there is none, or where somebody deleted it."""
        channel, message = letter.address["channel"], card_message(letter.body, self._wording)
        old = ts_of(letter.anchor)
        if old and await self._change(letter, old, message):
            return letter.anchor
        if letter.attempts > 1 and (ts := await self._card_there(letter, old)):
            await self._change(letter, ts, message)
            return reference(channel, ts)
        return reference(channel, await self._say(letter, {"card": letter.subject}, message))

    async def _change(self, letter: Letter, ts: str, message: dict[str, Any]) -> bool:
        payload = {"key": letter.key, "card": letter.subject}
        metadata = {"event_type": EVENT, "event_payload": payload}
        try:
            await self._client.chat_update(
                channel=letter.address["channel"], ts=ts, metadata=metadata, **message
            )
        except SlackApiError as fault:
            if error_of(fault) in GONE:
                return False
            raise
        return True

    async def _card_there(self, letter: Letter, old: str) -> str:
        """The card that an earlier try has posted, if it has; whichever version it showed."""
        cards = ((payload.get("card"), ts) for payload, ts in await self._posted(letter))
        return next((ts for card, ts in cards if card == letter.subject and ts != old), "")

    async def _below(self, letter: Letter) -> str:
        """Into the thread of the card; into the channel where the card never came or is gone, rather than nowhere."""
        ts = ts_of(letter.anchor)
        if not ts:
            return await self._post(letter)
        try:
            return await self._post(replace(letter, address={**letter.address, "thread": ts}))
        except SlackApiError as fault:
            if error_of(fault) not in GONE:
                raise
        return await self._post(letter)

    # ---------------------------------------------------- what only one person sees

    async def _or_directly(self, letter: Letter, answering: Coroutine[Any, Any, str]) -> str:
        """The way back from a press is open for half an hour and five answers; then it goes to the person."""
        try:
            return await answering
        except Hopeless as fault:
            why = fault
        except SlackApiError as fault:
            if not isinstance(judged(fault), Hopeless):
                raise
            why = Hopeless(error_of(fault))
        if user := letter.address.get("user"):
            return await self._post(replace(letter, address={"channel": user}, attempts=1))
        raise why

    async def _whisper(self, letter: Letter) -> str:
        address = letter.address
        for message in messages(letter.body, self._wording):
            await self._client.chat_postEphemeral(
                channel=address["channel"], user=address["user"], thread_ts=address.get("thread"), **message
            )
        return "ephemeral"

    async def _respond(self, letter: Letter, url: str) -> str:
        webhook = AsyncWebhookClient(url, timeout=self._client.timeout, retry_handlers=[])
        for message in messages(letter.body, self._wording):
            # Else Slack would put the answer in the place of the card whose button was pressed.
            answer = await webhook.send(response_type="ephemeral", replace_original=False, **message)
            if answer.status_code != OK:
                raise refused(answer.status_code, answer.headers, letter.attempts)
        return "response_url"

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
            log.info("no_suggested_prompts", error=str(judged(fault)))

    # ---------------------------------------------------- looking before sending again

    async def _arrived(self, letter: Letter) -> dict[int, str]:
        """The pages of a letter that Slack has already, with their times of posting."""
        found = await self._posted(letter)
        return {int(payload["page"]): ts for payload, ts in found if payload.get("key") == letter.key}

    async def _posted(self, letter: Letter) -> list[tuple[Mapping[str, Any], str]]:
        """What we said where a letter goes since it was put, with the times of posting."""
        channel, thread = letter.address["channel"], letter.address.get("thread")
        since = str(letter.put_at.timestamp()) if letter.put_at else "0"
        look: dict[str, Any] = {"channel": channel, "oldest": since, "include_all_metadata": True}
        try:
            if thread:
                found = await self._client.conversations_replies(ts=thread, limit=LOOK, **look)
            else:
                found = await self._client.conversations_history(limit=LOOK, **look)
        except SlackApiError as fault:
            why = judged(fault, letter.attempts)
            if isinstance(why, Later) and why.seconds is not None:
                raise
            # Not allowed to look: rather twice than never.
            log.warning("slack_cannot_look", key=letter.key, why=str(why))
            return []
        return list(_payloads(found.get("messages") or []))


def _payloads(posted: list[dict[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str]]:
    return ((one.get("metadata", {}).get("event_payload", {}), str(one["ts"])) for one in posted)
