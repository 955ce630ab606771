"""The archive that is uploaded to Teams."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.channels.teams.package.details import Details
from bot.channels.teams.package.manifest import COLOR, ENGLISH, MANIFEST, OUTLINE, english, manifest
from knowledge.wording import Wording

FOLDER = Path(__file__).parent


def archive(details: Details, wording: Wording) -> bytes:
    """A zip with manifest, English texts and icons at its root; the same details give the same bytes."""
    files = {
        MANIFEST: pretty(manifest(details, wording)).encode(),
        ENGLISH: pretty(english(details, wording)).encode(),
        COLOR: (FOLDER / COLOR).read_bytes(),
        OUTLINE: (FOLDER / OUTLINE).read_bytes(),
    }
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in files.items():
            # An entry made this way carries zip's first day instead of this moment.
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()


def pretty(content: Mapping[str, object]) -> str:
    """JSON as people read it."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
