"""The only door to icalendar: an appointment as a file that the reader's own calendar understands (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from bot.typed import sound
from intents.messages import Appointment
from knowledge.links import web_address

MEDIA_TYPE = "text/calendar"
_REMIND = timedelta(days=-1)


def method(appointment: Appointment) -> str:
    """What the file asks of a calendar (RFC 5546): PUBLISH puts or replaces the event, CANCEL strikes it out."""
    # A REQUEST would ask for an answer by mail, which nobody here reads.
    return "CANCEL" if appointment.cancelled else "PUBLISH"


def ics(appointment: Appointment, organiser: str, now: datetime) -> bytes:
    """The file, UTF-8, its times in UTC so that no zone has to be explained.

    `organiser` is a mail address, or empty where none is known. `now` is the moment of writing (DTSTAMP).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//J-Credit desk//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method(appointment))
    calendar.add_component(_event(appointment, organiser, now))
    file: bytes = calendar.to_ical()
    return file


def _event(appointment: Appointment, organiser: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", sound(appointment.uid))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", sound(appointment.title))
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    if address := "".join(sound(organiser).split()):
        event.add("organizer", vCalAddress(f"mailto:{address}"))
    _where(event, appointment)
    if not appointment.cancelled:
        event.add_component(_alarm(appointment))
    return event


def _where(event: Event, appointment: Appointment) -> None:
    link = web_address(appointment.link)
    # Many calendars show no URL, but all of them show the place and the description.
    texts = {
        "location": sound(appointment.place) or link,
        "description": "\n".join(text for text in (sound(appointment.note), link) if text),
    }
    for name, text in texts.items():
        if text:
            event.add(name, vText(text))
    if link:
        event.add("url", vUri(link))


def _alarm(appointment: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", sound(appointment.title))
    alarm.add("trigger", _REMIND)
    return alarm
