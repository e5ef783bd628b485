"""What a word means, what may stand at the cursor, and where a name is declared."""

from lsprotocol import types as lsp

MAIN = "shop/main.infra"


async def completed(editor, words):
    """What may stand behind these words, by label, the best first."""
    params = lsp.CompletionParams(**editor.place(MAIN, words, len(words)))
    found = await editor.ask(lsp.TEXT_DOCUMENT_COMPLETION, params)
    return {item.label: item for item in sorted(found.items, key=lambda item: item.sort_text or item.label)}


async def test_hover(editor):
    editor.open(MAIN)
    told = await editor.ask(lsp.TEXT_DOCUMENT_HOVER, lsp.HoverParams(**editor.place(MAIN, "keep = 30d", 1)))
    assert told.contents.kind == lsp.MarkupKind.Markdown and "duration" in told.contents.value
    assert editor.marked(MAIN, told.range) == "keep"
    assert not await editor.ask(lsp.TEXT_DOCUMENT_HOVER, lsp.HoverParams(**editor.place(MAIN, "= 30d", 0)))


async def test_completion_with_snippets_where_the_editor_takes_them(editor):
    editor.open(MAIN, "")
    editor.splice(MAIN, 0, 0, "buck")
    items = await completed(editor, "buck")
    bucket = items["bucket"]
    # The editor keeps what begins with the word that is typed.
    assert next(label for label in items if label.startswith("buck")) == "bucket"
    assert (bucket.insert_text_format == lsp.InsertTextFormat.Snippet) == editor.snippets
    assert ("$" in bucket.text_edit.new_text) == editor.snippets
    if not editor.snippets:
        # It is a statement that may be filled in by hand.
        editor.apply([bucket.text_edit], MAIN)
        assert editor.texts[MAIN].startswith("bucket name {") and editor.texts[MAIN].rstrip().endswith("}")


async def test_completion_of_a_field_with_its_documentation(editor):
    editor.open(MAIN)
    editor.write(MAIN, "bucket pictures {", "bucket pictures {\n  kee")
    items = await completed(editor, "\n  kee")
    assert "keep_versions" in items
    resolved = await editor.ask(lsp.COMPLETION_ITEM_RESOLVE, items["keep_versions"])
    assert "overwritten or deleted" in resolved.documentation.value
    editor.apply([resolved.text_edit], MAIN)
    assert "\n  keep_versions =" in editor.texts[MAIN]


async def test_signature(editor):
    editor.open(MAIN)
    params = lsp.SignatureHelpParams(**editor.place(MAIN, 'http("', 5))
    told = await editor.ask(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, params)
    [signature] = told.signatures
    assert signature.label.startswith("http(")
    start, end = signature.parameters[0].label
    assert signature.label[start:end].startswith("string") and (told.active_parameter or 0) == 0


async def test_definition_in_another_file(editor):
    editor.open(MAIN)
    editor.open("shop/data/main.infra")
    found = await editor.ask(lsp.TEXT_DOCUMENT_DEFINITION, lsp.DefinitionParams(**editor.place(MAIN, "data.orders", 6)))
    assert found[0].target_uri == editor.uri("shop/data/main.infra")
    assert editor.marked("shop/data/main.infra", found[0].target_selection_range) == "orders"


async def test_definition_in_the_library(editor):
    editor.open(MAIN)
    found = await editor.ask(lsp.TEXT_DOCUMENT_DEFINITION, lsp.DefinitionParams(**editor.place(MAIN, "bucket pictures", 2)))
    assert found[0].target_uri.startswith("infrac-std:")
    library = await editor.ask(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT, lsp.TextDocumentContentParams(uri=found[0].target_uri))
    line = library.text.splitlines()[found[0].target_selection_range.start.line]
    assert line.startswith("kind bucket")
