"""How a session begins and ends."""

import pytest
from conftest import PROFILES, begun
from editor import patient
from lsprotocol import types as lsp

# What there is for every editor, by its name in the answer to `initialize`.
ABILITIES = """code_action completion definition diagnostic document_formatting document_link document_on_type_formatting
document_range_formatting document_symbol execute_command folding_range hover selection_range semantic_tokens signature_help
workspace_symbol""".split()


async def test_what_the_server_can(editor):
    missing = [name for name in ABILITIES if not getattr(editor.server, f"{name}_provider")]
    assert not missing
    sync = editor.server.text_document_sync
    assert sync.open_close and sync.change == lsp.TextDocumentSyncKind.Incremental
    offered = (editor.able.general and editor.able.general.position_encodings) or ["utf-16"]
    assert editor.server.position_encoding == ("utf-8" if "utf-8" in offered else "utf-16")


@pytest.mark.parametrize("profile", PROFILES)
async def test_an_editor_that_asks_first_ends_it_with_0(silent, folder, profile):
    await patient(silent.initialize_session(begun(profile, folder)))
    assert await patient(silent.shutdown_async(None)) is None
    silent.exit(None)
    assert await patient(silent._server.wait()) == 0


@pytest.mark.parametrize("profile", PROFILES)
async def test_an_editor_that_does_not_ask_ends_it_with_1(silent, folder, profile):
    await patient(silent.initialize_session(begun(profile, folder)))
    silent.exit(None)
    assert await patient(silent._server.wait()) == 1
