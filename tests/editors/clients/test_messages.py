"""Mistakes while they are typed: sent to one editor, asked for by the other."""

from lsprotocol import types as lsp

MAIN = "shop/main.infra"


async def test_a_mistake_of_syntax_comes_and_goes(editor):
    editor.open(MAIN)
    editor.write(MAIN, '"/healthz")', '"/healthz"')
    [told] = await editor.told(MAIN, "bracket_without_partner")
    assert editor.marked(MAIN, told.range) == "(" and told.severity == lsp.DiagnosticSeverity.Error and told.source == "infrac"
    editor.write(MAIN, '"/healthz"', '"/healthz")')
    await editor.told(MAIN)


async def test_a_mistake_of_meaning_is_where_it_stands(editor):
    editor.open(MAIN)
    editor.write(MAIN, "30d", "30")
    [told] = await editor.told(MAIN, "type_mismatch")
    assert editor.marked(MAIN, told.range) == "30" and "duration" in told.message
    editor.write(MAIN, "30", "30d")
    await editor.told(MAIN)


async def test_what_evaluation_finds_follows(editor):
    editor.open(MAIN)
    editor.write(MAIN, "30d", "0d - 30d")
    [told] = await editor.told(MAIN, "check_failed")
    assert editor.marked(MAIN, told.range) == "0d - 30d" and "-30d" in told.message


async def test_closing_brings_back_what_lies_on_disk(editor):
    editor.open(MAIN)
    editor.write(MAIN, "bucket pictures {", "bucket pictures {\n  colour = red")
    await editor.told(MAIN, "unknown_field")
    editor.close(MAIN)
    if not editor.pulls:
        await editor.told(MAIN)
    editor.open(MAIN)
    await editor.told(MAIN)


async def test_a_code_leads_to_its_page(editor):
    editor.open(MAIN)
    editor.write(MAIN, "30d", "30")
    [told] = await editor.told(MAIN, "type_mismatch")
    page = await editor.ask(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT, lsp.TextDocumentContentParams(uri=told.code_description.href))
    assert "type_mismatch" in page.text


async def test_columns_are_counted_as_the_editor_counts(editor):
    editor.open(MAIN)
    editor.write(MAIN, '"/healthz")', '"/🦀日é/healthz"), reddy = 1')
    [told] = await editor.told(MAIN, "unknown_field")
    line = editor.texts[MAIN].splitlines()[told.range.start.line]
    before = line[: line.index("reddy")]
    bytes_, units = len(before.encode()), len(before.encode("utf-16-le")) // 2
    assert bytes_ != units != len(before)
    assert told.range.start.character == (bytes_ if editor.server.position_encoding == "utf-8" else units)
    # What is typed behind them arrives where it was typed.
    editor.write(MAIN, ", reddy = 1", "")
    await editor.told(MAIN)


async def test_a_fix_is_offered_and_mends(editor):
    editor.open(MAIN)
    editor.write(MAIN, "keep = 30d", "keeep = 30d")
    told = await editor.told(MAIN, "unknown_field")
    context = lsp.CodeActionContext(diagnostics=told, only=[lsp.CodeActionKind.QuickFix])
    asked = lsp.CodeActionParams(text_document=editor.document(MAIN), range=told[0].range, context=context)
    actions = await editor.ask(lsp.TEXT_DOCUMENT_CODE_ACTION, asked)
    assert actions[0].kind == lsp.CodeActionKind.QuickFix and "keep" in actions[0].title
    editor.apply_to_all(actions[0].edit)
    assert "\n  keep = 30d\n" in editor.texts[MAIN]
    await editor.told(MAIN)
