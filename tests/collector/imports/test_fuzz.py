"""Whatever bytes a file holds: it comes in, or a sentence says why not; what stands beside the harm is kept."""

import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nousnous.base.errors import NousError
from nousnous.collector.imports.actions import Mapped, Upload, import_file, preview_file
from nousnous.collector.imports.conversations import ConversationMapping
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.imports.replays import RecordingMapping
from nousnous.collector.imports.uploads import keep_upload, upload_folder, upload_path
from nousnous.workspaces.models import Workspace

ASKED = '[survey]\nperson = "user_id"\ntime = "time"\n[[score]]\ncolumn = "event"\nmetric = "nps"\n'
MAPPINGS: tuple[Mapped, ...] = (EventMapping(), ConversationMapping(), RecordingMapping(""), survey_mapping(ASKED, "m"))
ROW = {"user_id": "u", "event": "e", "time": "2024-01-01", "side": "customer", "conversation": "c", "text": "t"}
SEEDS = (
    ",".join(ROW).encode() + b"\n" + ",".join(ROW.values()).encode() + b"\n",
    json.dumps(ROW).encode() + b"\n",
    b'[{"type":2,"timestamp":1,"data":{"node":{}}},{"type":3,"timestamp":2,"data":{}}]',
    b"PAR1\x15\x04\x15PAR1",
    b"PK\x03\x04\x14\x00\x00\x00\x08\x00PK\x05\x06" + b"\0" * 18,
)
HARM = st.binary(max_size=12) | st.text(alphabet='{}[]",;\n\r\t\\0é', max_size=12).map(str.encode)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


FILES = st.builds(
    lambda seed, harm, at, packed: (gzip.compress if packed else bytes)(seed[: at % 150] + harm + seed[at % 150 :]),
    st.sampled_from(SEEDS), HARM, st.integers(0, 400), st.booleans(),
)  # fmt: skip


@given(FILES, st.sampled_from(MAPPINGS))
@FEW
def test_any_file_is_shown_or_refused(tmp_path: Path, transactional_db: None, content: bytes, mapping: Mapped) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with suppress(NousError):
        preview_file(Upload(path, mapping))


@given(st.lists(HARM.filter(lambda harm: not set(harm) & set(b'"\\')), min_size=1, max_size=4))
@settings(FEW, max_examples=10, derandomize=True)
def test_harm_between_rows_costs_no_neighbour(workspace: Workspace, tmp_path: Path, harms: list[bytes]) -> None:
    path = tmp_path / "file.csv"
    good = [f"user{at},event{at},2024-01-01\n".encode() for at in range(len(harms) + 40)]
    middle = b"".join(row + harm + b"\n" for row, harm in zip(good, harms, strict=False))
    path.write_bytes(b"user_id,event,time\n" + b"".join(good[len(harms) :]) + middle)
    record = import_file(workspace, Upload(path, EventMapping(encoding="utf-8")))
    assert record.rejected + record.blank + record.added + record.repeated >= len(good)
    assert record.added + record.repeated >= len(good)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x", "a\0b.csv", "x" * 999])
def test_no_name_of_a_file_leads_out_of_its_folder(workspace: Workspace, name: str) -> None:
    record = keep_upload(workspace, "events", name, [b"user_id,event,time\n"], "test")
    assert upload_path(record).resolve().parent == upload_folder(workspace.id).resolve()
    assert [one.name for one in upload_folder(workspace.id).iterdir()] == [record.id]
