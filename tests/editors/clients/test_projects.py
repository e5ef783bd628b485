"""More than one project in a folder, and files that were never saved."""

from lsprotocol import types as lsp
from programs import PROJECT


async def test_each_project_has_its_own_messages(editor):
    editor.open("depot/main.infra")
    editor.open("shop/main.infra")
    editor.write("depot/main.infra", "60d", "60")
    await editor.told("depot/main.infra", "type_mismatch")
    await editor.told("shop/main.infra")
    editor.write("depot/main.infra", "60", "60d")
    await editor.told("depot/main.infra")


async def test_a_file_that_was_never_saved_is_part_of_its_project(editor):
    editor.open("shop/main.infra")
    editor.open("shop/data/new.infra", "bucket spare { keep = 1 }\n")
    await editor.told("shop/data/new.infra", "type_mismatch")
    assert not (editor.folder / "shop/data/new.infra").exists()
    editor.write("shop/data/new.infra", "keep = 1", "keep = 1d")
    await editor.told("shop/data/new.infra")
    editor.write("shop/main.infra", "pictures.keep", "spare.keep")
    await editor.told("shop/main.infra", "unknown_name")
    editor.write("shop/main.infra", "use data.orders", "use data.orders\nuse data.spare")
    await editor.told("shop/main.infra")


async def test_names_of_all_projects(editor):
    editor.open("shop/main.infra")
    found = await editor.ask(lsp.WORKSPACE_SYMBOL, lsp.WorkspaceSymbolParams(query="pictures"))
    places = {(one.name, one.location.uri) for one in found}
    assert places == {("pictures", editor.uri("shop/main.infra")), ("pictures", editor.uri("depot/main.infra"))}


async def test_a_second_project_that_was_never_saved(editor):
    editor.open("yard/main.infra", PROJECT.replace("shop", "yard") + "bucket pictures { keep = x }\n")
    await editor.told("yard/main.infra", "unknown_name")


async def test_what_is_written_beside_the_editor_counts(editor):
    editor.open("shop/main.infra")
    editor.write("shop/main.infra", "pictures.keep", "spare.keep")
    await editor.told("shop/main.infra", "unknown_name")
    with open(editor.folder / "shop/more.infra", "w") as more:
        more.write("bucket spare { keep = 1d }\n")
    watches = editor.able.workspace.did_change_watched_files
    if watches and watches.dynamic_registration:
        assert lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.client.registered
        change = lsp.FileEvent(uri=editor.uri("shop/more.infra"), type=lsp.FileChangeType.Created)
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(changes=[change]))
    else:
        # Who watches nothing saves a file some time.
        assert not editor.client.registered
        editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=editor.document("shop/main.infra")))
    await editor.told("shop/main.infra")
