"""The appointments of a conversation as calendar files."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from bot.calendar_file import MEDIA_TYPE, ics, method
from bot.channels.web.headers import HEADERS
from bot.channels.web.receive import Refused
from intents.messages import Appointment
from storage.messages import Logged

# How many messages may have followed an appointment whose file is still handed out.
LOOK_BACK = 1000
# No message has a larger number: that is what both databases' keys can hold.
LAST = 2**31 - 1


def calendar_response(log: Sequence[Logged], number: int, place: str, now: datetime) -> Response:
    """The file of one appointment in a message: the part at that place, or the first. Raises Refused."""
    logged = next((logged for logged in log if logged.id == number), None)
    parts = logged.reply.parts if logged and logged.reply else ()
    found = next(
        (part for at, part in enumerate(parts) if isinstance(part, Appointment) and place in ("", str(at))),
        None,
    )
    if found is None:
        raise Refused(404, "message", "no_appointment")
    kind = f"{MEDIA_TYPE}; charset=utf-8; method={method(found)}"
    name = {"content-disposition": f'attachment; filename="appointment-{number}.ics"'}
    return Response(ics(found, "", now), media_type=kind, headers=HEADERS | name)
