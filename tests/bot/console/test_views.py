"""What the console reads, on both engines: the same rows, and quickly enough with ten thousand cases."""

from datetime import timedelta

from sqlalchemy import insert

from bot.console.story import TOLD_ALREADY
from intents.desk.case_records import CaseState
from intents.readers.organisation_key import organisation_key
from knowledge.wording import load_wording
from storage.case_rows import searchable
from storage.cases import StoredCases
from storage.console_views import alike, booked_cases, newest_case, opened_since, read_since
from storage.database import Database
from storage.tables import answer_given, case, conversation, detail, inbox, seminar, seminar_registration
from storage.views_exports import all_cases, all_registrations
from storage.views_organisations import dossier, organisations
from tests.intents.desk.test_audit_complete import ALL
from tests.kit import NOON

CONVERSATION = {"channel": "web", "key": "c1", "person": "p1", "lang": "ja", "state": {}, "updated_at": NOON}
SEMINAR = {
    "kind": "seminar",
    "title": "説明会",
    "starts_at": NOON,
    "ends_at": NOON,
    "capacity": 9,
    "ways": "online",
    "venue": "",
    "link": "",
    "programme": "",
    "materials_url": "",
    "materials_text": "",
    "questions": [],
    "offer_hours": 24,
    "state": "open",
}


def _case(id_: int, organisation: str, **more: object) -> dict[str, object]:
    row = {
        "id": id_,
        "kind": "question",
        "summary": f"質問{id_}",
        "person": "web:p1",
        "organisation": organisation,
    }
    key = organisation_key(organisation)
    moments = dict.fromkeys(("opened_at", "changed_at", "due_at"), NOON + timedelta(minutes=id_))
    return row | moments | {"organisation_key": key, "search": searchable(organisation)} | more


def _registration(seminar_id: int, organisation: str) -> dict[str, object]:
    texts = dict.fromkeys(("phone", "question", "consent", "prefecture"), "")
    who = {
        "person": "web:p2",
        "lang": "ja",
        "name": "花",
        "organisation": organisation,
        "mail": "hana@example.jp",
    }
    rest = {
        "key": organisation,
        "party": 2,
        "way": "online",
        "wants_consultation": False,
        "extras": {"何": "これ"},
    }
    now = {"state": "confirmed", "signed_up_at": NOON, "sequence": 0}
    return {"seminar_id": seminar_id, **who, **texts, **rest, **now}


def _fill(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(insert(conversation).values(CONVERSATION))
        rows = [
            _case(1, "株式会社みどり"),
            _case(2, "みどり(株)"),
            _case(3, "やまと"),
            _case(4, "みどり", open=False),
        ]
        for row in rows:
            connection.execute(insert(case).values(row))
        connection.execute(insert(seminar).values(SEMINAR))
        connection.execute(insert(seminar_registration).values(_registration(1, " ㈱みどり ")))
        told = {"person": "web:p3", "name": "organisation", "text": "みどり", "at": NOON}
        connection.execute(insert(detail).values(told))
        for event, person in ((1, "p1"), (2, "p3"), (3, "stranger")):
            body = {"person": person}
            arrived = {
                "id": event,
                "channel": "web",
                "event_key": str(event),
                "conversation": "c1",
                "body": body,
            }
            connection.execute(insert(inbox).values(arrived | {"received_at": NOON}))
            asked = {
                "event": event,
                "conversation_id": 1,
                "edition": "x",
                "asked": f"{person}の質問",
                "at": NOON,
            }
            connection.execute(insert(answer_given).values(asked | {"outcome": "unknown", "confidence": 0}))


def test_one_organisation_has_what_is_its_own(database: Database) -> None:
    """Three ways of writing it are one; questions of its people are there, those of others in the same room are not."""
    _fill(database)
    with database.look() as connection:
        found = dossier(connection, "みどり")
        listed = {one.key: (one.cases, one.registrations) for one in organisations(connection)}
        assert [one.key for one in organisations(connection, "やま")] == ["やまと"]
        assert dossier(connection, "だれも知らない") is None
    assert listed == {"みどり": (3, 1), "やまと": (1, 0)}
    assert found is not None
    assert [one.id for one in found.cases] == [4, 2, 1]
    assert [(one.seminar, one.name, one.party) for one in found.seats] == [("S-0001", "花", 2)]
    assert {one.text for one in found.questions} == {"p1の質問", "p3の質問"}
    assert {one.person for one in found.people} == {"web:p1", "web:p2", "web:p3"}


def test_small_looks(database: Database) -> None:
    """What is new, what is alike, who has looked, what is booked, and whole tables."""
    with database.look() as connection:
        assert (newest_case(connection), opened_since(connection, 0), all_cases(connection)) == (0, 0, ())
    _fill(database)
    with database.look() as connection:
        first = StoredCases(connection, database, NOON, "staff:x").find("K-00001")
        assert first is not None
        assert [one.id for one in alike(connection, first)] == [2]
        assert (newest_case(connection), opened_since(connection, 1)) == (4, 2)
        assert not read_since(connection, "case:K-00001", "staff:x", NOON)
        assert booked_cases(connection) == {}
        assert [one.state for one in all_cases(connection)] == [CaseState.NEW] * 4
        assert [one.extras for one in all_registrations(connection)] == ["何: これ"]
        assert all_registrations(connection, 99) == ()


def test_every_change_has_its_words() -> None:
    """The story of a case says what happened in words, whatever happened."""
    texts = load_wording().texts
    assert not [one for one in ALL - TOLD_ALREADY if f"console.did_{one}" not in texts]
