"""What a file is made of: outline, links, colours, folds, and what it becomes."""

from lsprotocol import types as lsp

MAIN = "shop/main.infra"


async def test_outline_of_broken_text(editor):
    editor.open(MAIN)
    editor.write(MAIN, "keep = 30d", "keep = (")
    asked = lsp.DocumentSymbolParams(text_document=editor.document(MAIN))
    found = await editor.ask(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, asked)
    assert [one.name for one in found if one.name in ("pictures", "api", "paths")] == ["pictures", "api", "paths"]
    api = next(one for one in found if one.name == "api")
    assert editor.marked(MAIN, api.selection_range) == "api" and "http" in [child.name for child in api.children]


async def test_links(editor):
    editor.open(MAIN)
    found = await editor.ask(lsp.TEXT_DOCUMENT_DOCUMENT_LINK, lsp.DocumentLinkParams(text_document=editor.document(MAIN)))
    [link] = found
    shows = editor.able.text_document.document_link
    assert (link.tooltip is not None) == bool(shows and shows.tooltip_support)
    assert editor.marked(MAIN, link.range) == "data.orders" and link.target == editor.uri("shop/data/main.infra")


def words(editor, name, data):
    """Words with their types, from the protocol's numbers."""
    legend = editor.server.semantic_tokens_provider.legend
    line, column, found = 0, 0, []
    for lines, columns, length, kind, _ in zip(*[iter(data)] * 5):
        line, column = line + lines, columns if lines else column + columns
        part = lsp.Range(start=lsp.Position(line, column), end=lsp.Position(line, column + length))
        found.append((editor.marked(name, part), legend.token_types[kind]))
    return found


async def test_colours_before_and_after_an_edit(editor):
    editor.open(MAIN)
    asked = lsp.SemanticTokensParams(text_document=editor.document(MAIN))
    before = await editor.ask(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, asked)
    found = words(editor, MAIN, before.data)
    assert ("keep", "property") in found and ("api", "variable") in found and ("container", "type") in found, found
    editor.write(MAIN, "keep = 30d", 'keep = 30d, note = "🦀"')
    since = lsp.SemanticTokensDeltaParams(text_document=editor.document(MAIN), previous_result_id=before.result_id)
    delta = await editor.ask(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, since)
    data = list(before.data)
    for edit in sorted(delta.edits, key=lambda edit: edit.start, reverse=True):
        data[edit.start : edit.start + edit.delete_count] = edit.data or []
    after = await editor.ask(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, asked)
    assert data == list(after.data) and ("note", "property") in words(editor, MAIN, data)


async def test_folds(editor):
    editor.open(MAIN)
    found = await editor.ask(lsp.TEXT_DOCUMENT_FOLDING_RANGE, lsp.FoldingRangeParams(text_document=editor.document(MAIN)))
    first, last = editor.at(MAIN, "container api").line, editor.at(MAIN, "ready").line
    assert any(fold.start_line == first and last <= fold.end_line <= last + 1 for fold in found), found


async def test_who_reaches_an_endpoint(editor):
    editor.open(MAIN)
    place = editor.at(MAIN, "http = 8080")
    given = {"uri": editor.uri(MAIN), "position": {"line": place.line, "character": place.character}, "environment": "prod"}
    asked = lsp.ExecuteCommandParams(command="infrac.reach", arguments=[given])
    assert asked.command in editor.server.execute_command_provider.commands
    told = await editor.ask(lsp.WORKSPACE_EXECUTE_COMMAND, asked)
    assert "internet" in str(told)
