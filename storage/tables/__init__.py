"""Every table, in SQLAlchemy Core, one module per subject. Keys that must be unique say so here, never in code."""

from storage.tables.base import MOMENT as MOMENT
from storage.tables.base import metadata as metadata
from storage.tables.chat import action_token as action_token
from storage.tables.chat import answer_given as answer_given
from storage.tables.chat import case as case
from storage.tables.chat import conversation as conversation
from storage.tables.chat import inbox as inbox
from storage.tables.chat import knowledge_edition as knowledge_edition
from storage.tables.chat import knowledge_file as knowledge_file
from storage.tables.chat import message as message
from storage.tables.chat import outbox as outbox
from storage.tables.consultations import booking as booking
from storage.tables.consultations import case_note as case_note
from storage.tables.consultations import consultation as consultation
from storage.tables.consultations import slot as slot
from storage.tables.people import audit as audit
from storage.tables.people import consent as consent
from storage.tables.people import detail as detail
from storage.tables.people import move_code as move_code
from storage.tables.seminars import seminar as seminar
from storage.tables.seminars import seminar_registration as seminar_registration
