"""The dialogs, one module each; a test compares this list with the folder."""

from intents.dialog import Dialog
from intents.dialogs.booking import GIVE_UP as BOOKING_GIVE_UP
from intents.dialogs.booking import MOVE
from intents.dialogs.consultation import CONSULTATION
from intents.dialogs.find import FIND
from intents.dialogs.meeting import MEETING
from intents.dialogs.offset import OFFSET
from intents.dialogs.project_contact import CONTACT_CHANGE
from intents.dialogs.project_link import CODE, LINK
from intents.dialogs.project_reading import RECORD
from intents.dialogs.project_snooze import SNOOZE
from intents.dialogs.project_target import CHOOSE_ROUND
from intents.dialogs.seat import CHANGE
from intents.dialogs.seat import GIVE_UP as SEAT_GIVE_UP
from intents.dialogs.seminar import REGISTER
from intents.dialogs.survey import SURVEY

DIALOGS: tuple[Dialog, ...] = (
    FIND,
    CONSULTATION,
    MOVE,
    BOOKING_GIVE_UP,
    REGISTER,
    CHANGE,
    SEAT_GIVE_UP,
    SURVEY,
    MEETING,
    OFFSET,
    CONTACT_CHANGE,
    SNOOZE,
    LINK,
    CODE,
    CHOOSE_ROUND,
    RECORD,
)
