"""A person on Slack: writes, presses, fills in modals; every request is signed as Slack signs it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from httpx2 import Response
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.channels.slack.blocks import messages
from bot.wiring import House
from intents.messages import Reply, plain
from knowledge.wording import load_wording
from storage.codec import unpack_reply
from storage.tables import outbox
from tests.bot.channels.fake_slack import FakeSlack
from tests.bot.conftest import SIGNING_SECRET

View = dict[str, Any]
