"""Layout: edits that make the text what `infrac fmt` makes of it."""

import os
import subprocess

from lsprotocol import types as lsp

MAIN = "shop/main.infra"
OPTIONS = lsp.FormattingOptions(tab_size=2, insert_spaces=True)


def laid_out(text, folder):
    """What the command makes of a text."""
    path = folder / "laid_out.infra"
    path.write_text(text)
    subprocess.run([os.environ["INFRAC"], "fmt", path], check=True, capture_output=True)
    return path.read_text()


async def test_a_whole_file(editor):
    editor.open(MAIN)
    editor.write(MAIN, "  keep = 30d", '      keep   =   30d // "🦀"')
    editor.write(MAIN, "  port http = 8080/tcp", "port   http=8080/tcp")
    expected = laid_out(editor.texts[MAIN], editor.folder)
    asked = lsp.DocumentFormattingParams(text_document=editor.document(MAIN), options=OPTIONS)
    editor.apply(await editor.ask(lsp.TEXT_DOCUMENT_FORMATTING, asked), MAIN)
    assert editor.texts[MAIN] == expected
    assert not await editor.ask(lsp.TEXT_DOCUMENT_FORMATTING, asked)


async def test_a_selection_and_nothing_beside_it(editor):
    editor.open(MAIN)
    editor.write(MAIN, "  keep = 30d", "      keep   =   30d")
    editor.write(MAIN, "  port http = 8080/tcp", "port   http=8080/tcp")
    selection = lsp.Range(start=editor.at(MAIN, "bucket"), end=editor.at(MAIN, "30d", 3))
    asked = lsp.DocumentRangeFormattingParams(text_document=editor.document(MAIN), range=selection, options=OPTIONS)
    editor.apply(await editor.ask(lsp.TEXT_DOCUMENT_RANGE_FORMATTING, asked), MAIN)
    assert "\n  keep = 30d\n" in editor.texts[MAIN] and "\nport   http=8080/tcp\n" in editor.texts[MAIN]
