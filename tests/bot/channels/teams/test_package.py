"""The app package for Teams: valid by Microsoft's own schemas, in both languages, and refused with a reason."""

import json
import struct
import tomllib
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft7Validator, ValidationError
from typer.testing import CliRunner, Result

from bot.channels.teams.package.archive import archive
from bot.channels.teams.package.details import Details, checked
from bot.channels.teams.package.manifest import english, manifest
from bot.room_words import called
from bot.verbs import app
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.wording import load_wording

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
WORDING = load_wording()
APP, BOT = "01234567-89ab-cdef-0123-456789abcdef", "fedcba98-7654-3210-fedc-ba9876543210"
PLAIN = Details(APP, BOT, "desk.example.jp")
STAFFED = Details(APP, BOT, "desk.example.jp", triage=True)
NAMED = Details(APP, APP, "desk.example.jp", name="漢" * 30, version="10.20.30")
BOTH = pytest.mark.parametrize("details", [PLAIN, STAFFED, NAMED])
GIVEN = ("--app-id", APP, "--domain", "desk.example.jp")
Run = Callable[..., Result]


def schema(name: str) -> Draft7Validator:
    """One of Microsoft's schemas, which call themselves draft 4 but use `const`; nothing else tells the drafts apart."""
    return Draft7Validator(json.loads((HERE / f"{name}.schema.json").read_text("utf-8")))


def menus(details: Details) -> dict[str, list[dict[str, str]]]:
    """The commands of each scope."""
    lists = manifest(details, WORDING)["bots"][0]["commandLists"]
    return {each["scopes"][0]: each["commands"] for each in lists}


@pytest.fixture
def run() -> Run:
    """Runs `jdesk teams-package` with these words."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(app("teams-package"), ["teams-package", *words])

    return run


# ------------------------------------------------ Microsoft's schemas


@BOTH
def test_the_manifest_is_valid(details: Details) -> None:
    """Microsoft's schema has nothing to say about it."""
    schema("manifest").validate(manifest(details, WORDING))


@BOTH
def test_the_english_file_is_valid(details: Details) -> None:
    """The schema of translations has nothing to say about it."""
    schema("localization").validate(english(details, WORDING))


@pytest.mark.parametrize(
    "fault",
    [
        {"manifestVersion": "1.22"},
        {"id": "jdesk"},
        {"accentColor": "green"},
        {"name": {"short": "n" * 31}},
        {"description": {"short": "n" * 81, "full": "n"}},
        {"defaultInstallScope": "groupchat"},
        {"unknown": 1},
    ],
)
def test_the_schema_would_find_a_fault(fault: Mapping[str, Any]) -> None:
    """The counterpart: a validator that takes everything would make the tests above worthless."""
    with pytest.raises(ValidationError):
        schema("manifest").validate(manifest(PLAIN, WORDING) | dict(fault))


def test_the_localisation_schema_would_find_a_fault() -> None:
    """The counterpart for the English file."""
    with pytest.raises(ValidationError):
        schema("localization").validate(english(PLAIN, WORDING) | {"bots[0].title": "x"})


# ------------------------------------------------ what stands in it


def test_who_and_where() -> None:
    """Ids, addresses and version are the office's own."""
    made = manifest(checked(Details(f" {APP.upper()} ", "", "Desk.Example.JP", "相談　窓口")), WORDING)
    assert (made["id"], made["bots"][0]["botId"], made["version"]) == (APP, APP, "1.0.0")
    assert made["validDomains"] == ["desk.example.jp"]
    assert set(made["developer"].values()) >= {"https://desk.example.jp/"}
    assert made["name"]["short"] == "相談　窓口"
    assert manifest(checked(PLAIN), WORDING)["bots"][0]["botId"] == BOT


@BOTH
def test_texts_keep_the_limits_that_the_clients_show(details: Details) -> None:
    """Menus cut longer titles, although the newest schema allows them."""
    texts = english(details, WORDING)
    commands = [command for menu in menus(details).values() for command in menu]
    titles = [each["title"] for each in commands] + [texts[key] for key in texts if key.endswith(".title")]
    abouts = [each["description"] for each in commands]
    abouts += [texts[key] for key in texts if key.startswith("bots") and key.endswith(".description")]
    assert max(map(len, titles)) <= 32
    assert max(map(len, abouts)) <= 128
    assert max(map(len, menus(details).values())) <= 10


@BOTH
def test_every_text_is_in_both_languages(details: Details) -> None:
    """Each command and each name of the manifest has its English counterpart at the same path, and no other."""
    made, paths = manifest(details, WORDING), {"$schema"}
    paths |= {f"{part}.{size}" for part in ("name", "description") for size in made[part]}
    for at, menu in enumerate(made["bots"][0]["commandLists"]):
        for place, command in enumerate(menu["commands"]):
            paths |= {f"bots[0].commandLists[{at}].commands[{place}].{part}" for part in command}
    assert set(english(details, WORDING)) == paths


def test_a_chosen_command_is_understood() -> None:
    """What a menu sends is the title of a command or a word that calls an order, in either language."""
    shelf = tomllib.loads((ROOT / "knowledge/commands.toml").read_text("utf-8"))
    known = {lang: {each["title"][lang.value] for each in shelf.values()} for lang in Lang}
    for name in (each for each in WORDING.names("teams_package") if each.startswith("command_")):
        said = {lang: WORDING.say(f"teams_package.{name}", lang) for lang in Lang}
        assert all(text in known[lang] or called(text, WORDING) for lang, text in said.items()), (
            f"{name}: {said}"
        )


def test_the_queue_is_offered_in_the_channels_of_a_staffed_team_only() -> None:
    """Whoever works no cases in Teams sees nothing of it; a staff channel may be a private one."""
    queue = WORDING.say("teams_package.command_queue", Lang.JA)
    assert called(queue, WORDING) == "desk.queue"
    holds = {scope for scope, menu in menus(STAFFED).items() for each in menu if each["title"] == queue}
    assert holds == {"team"}
    assert queue not in json.dumps(manifest(PLAIN, WORDING), ensure_ascii=False)
    assert manifest(STAFFED, WORDING)["supportsChannelFeatures"] == "tier1"
    assert "supportsChannelFeatures" not in manifest(PLAIN, WORDING)


def test_nothing_personal_is_offered_where_others_read_along() -> None:
    """Projects, registrations and requests stand in the one-to-one chat's menu alone."""
    own = {
        WORDING.say(f"teams_package.command_{name}", Lang.JA)
        for name in ("projects", "registrations", "cases")
    }
    titles = {scope: {each["title"] for each in menu} for scope, menu in menus(STAFFED).items()}
    assert own <= titles["personal"]
    assert not own & (titles["team"] | titles["groupChat"])


# ------------------------------------------------ the archive


def test_the_archive_holds_all_that_the_manifest_names() -> None:
    """Manifest, translation and icons lie at the root, and nothing else; twice the same is twice the same."""
    packed = archive(STAFFED, WORDING)
    assert packed == archive(STAFFED, WORDING)
    with ZipFile(BytesIO(packed)) as opened:
        assert opened.testzip() is None
        made = json.loads(opened.read("manifest.json"))
        names = {"manifest.json", *made["icons"].values()}
        names |= {each["file"] for each in made["localizationInfo"]["additionalLanguages"]}
        assert sorted(opened.namelist()) == sorted(names)
        assert made == manifest(STAFFED, WORDING)
        assert json.loads(opened.read("en.json")) == english(STAFFED, WORDING)


def pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Width, height and RGBA pixels of a PNG with rows that are not filtered, as ours are."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (png[:8], depth, kind) == (b"\x89PNG\r\n\x1a\n", 8, 6)
    start = png.index(b"IDAT") + 4
    data = zlib.decompress(png[start : start + struct.unpack(">I", png[start - 8 : start - 4])[0]])
    rows = [data[at : at + 1 + 4 * width] for at in range(0, len(data), 1 + 4 * width)]
    assert not any(row[0] for row in rows)
    return width, height, [tuple(row[at : at + 4]) for row in rows for at in range(1, len(row), 4)]


def test_the_icons_are_as_teams_wants_them() -> None:
    """Colour: 192 by 192 without a hole, on the accent colour. Outline: 32 by 32, white on nothing."""
    with ZipFile(BytesIO(archive(PLAIN, WORDING))) as opened:
        color, outline = pixels(opened.read("color.png")), pixels(opened.read("outline.png"))
    assert color[:2] == (192, 192)
    assert {pixel[3] for pixel in color[2]} == {255}
    assert "#" + bytes(color[2][0][:3]).hex() == manifest(PLAIN, WORDING)["accentColor"]
    assert outline[:2] == (32, 32)
    assert {pixel[:3] for pixel in outline[2]} == {(255, 255, 255)}
    assert {0, 255} <= {pixel[3] for pixel in outline[2]}


# ------------------------------------------------ the verb


def test_the_verb_writes_the_archive(run: Run, tmp_path: Path) -> None:
    """It says where, and a second time only by force."""
    out = tmp_path / "jdesk.zip"
    first = run(*GIVEN, "--out", str(out), "--version", "1.2.3")
    assert first.exit_code == 0, first.output
    assert str(out) in first.stdout
    assert "1.2.3" in first.stdout
    packed = out.read_bytes()
    again = run(*GIVEN, "--out", str(out))
    assert again.exit_code == 1
    assert "--force" in again.stderr
    assert out.read_bytes() == packed
    assert run(*GIVEN, "--out", str(out), "--force", "--triage").exit_code == 0
    with ZipFile(out) as opened:
        assert json.loads(opened.read("manifest.json"))["supportsChannelFeatures"] == "tier1"


def test_a_dry_run_prints_the_manifest(run: Run, tmp_path: Path) -> None:
    """Nothing is written."""
    out = tmp_path / "jdesk.zip"
    result = run(*GIVEN, "--dry-run", "--out", str(out))
    assert result.exit_code == 0, result.output
    schema("manifest").validate(json.loads(result.stdout))
    assert not out.exists()


@pytest.mark.parametrize("lang", [*Lang])
@pytest.mark.parametrize(
    ("words", "option", "mended"),
    [
        (("--app-id", "jdesk"), "--app-id", "01234567-"),
        (("--app-id", "{" + APP + "}"), "--app-id", "01234567-"),
        (("--bot-id", APP[:-1]), "--bot-id", "01234567-"),
        (("--domain", "https://desk.example.jp"), "--domain", "--domain desk.example.jp"),
        (("--domain", "desk.example.jp/chat"), "--domain", "--domain desk.example.jp"),
        (("--domain", "desk.example.jp:8443"), "--domain", "--domain desk.example.jp"),
        (("--domain", "localhost"), "--domain", "desk.example.jp"),
        (("--domain", "127.0.0.1"), "--domain", "desk.example.jp"),
        (("--domain", "窓口.example.jp"), "--domain", "xn--"),
        (("--domain", "//[desk"), "--domain", "desk.example.jp"),
        (("--name", "n" * 31), "--name", "30"),
        (("--name", "a\nb"), "--name", "\\n"),
        (("--version", "1.2"), "--version", "1.0.0"),
        (("--version", "1.02.3"), "--version", "1.0.0"),
        (("--version", "v1.2.3"), "--version", "1.0.0"),
        (("--out", "nowhere/jdesk.zip"), "--out", "nowhere"),
        (("--out", "jdesk.json"), "--out", ".zip"),
        (("--out", "folder.zip", "--force"), "--out", "folder.zip"),
    ],
)
def test_what_is_wrong_is_named_with_the_way_out(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    option: str,
    mended: str,
    lang: Lang,
) -> None:
    """One sentence names the option and what to write instead; exit 1, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.zip").mkdir()
    result = run(*GIVEN, *words, "--lang", lang.value)
    assert result.exit_code == 1, result.output
    assert option in result.stderr
    assert mended in result.stderr
    assert not result.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["folder.zip"]


def test_missing_options_are_wrong_usage(run: Run) -> None:
    """Exit 2, as everywhere."""
    assert run("--domain", "desk.example.jp").exit_code == 2
    assert run("--app-id", APP).exit_code == 2


def test_every_refusal_has_its_sentence() -> None:
    """A problem that `checked` may name is in the catalogue with the places that it gives."""
    for wrong in (
        Details("x", "", "a.jp"),
        Details(APP, "", "x"),
        Details(APP, "", "https://a.jp"),
        Details(APP, "", "a.jp", "n" * 31),
        Details(APP, "", "a.jp", "\0"),
        Details(APP, "", "a.jp", version="1"),
    ):
        with pytest.raises(Refused) as caught:
            checked(wrong)
        assert WORDING.say(f"teams_package.{caught.value.problem}", Lang.EN, **caught.value.places)
