"""An editor over a pytest-lsp client: it holds texts, types in them as its profile says, and waits for what it is told.

Places are counted here, apart from the server, in the units that the server chose.
"""

import asyncio

from lsprotocol import types as lsp
from pytest_lsp import LanguageClient


async def patient(answer):
    """An answer, or a failure after a minute: who waits longer has found a server that hangs. A machine may be busy."""
    return await asyncio.wait_for(answer, 60)


class Editor:
    def __init__(self, client: LanguageClient, folder, able: lsp.ClientCapabilities, server: lsp.InitializeResult):
        self.client, self.folder, self.able, self.server = client, folder, able, server.capabilities
        self.texts, self.versions = {}, {}

    @property
    def pulls(self):
        """It asks for messages, and is not sent those of open files."""
        return self.able.text_document.diagnostic is not None

    @property
    def snippets(self):
        return self.able.text_document.completion.completion_item.snippet_support

    def uri(self, name):
        return (self.folder / name).as_uri()

    def document(self, name):
        return lsp.TextDocumentIdentifier(uri=self.uri(name))

    # --- what is typed

    def open(self, name, text=None):
        text = (self.folder / name).read_text() if text is None else text
        self.texts[name], self.versions[name] = text, 1
        opened = lsp.TextDocumentItem(uri=self.uri(name), language_id="infra", version=1, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=opened))

    def close(self, name):
        del self.texts[name], self.versions[name]
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(text_document=self.document(name)))

    def write(self, name, old, new):
        """Writes one text for another, as a user does: only what differs is sent."""
        start = self.texts[name].index(old)
        self.splice(name, start, start + len(old), new)

    def splice(self, name, start, end, new):
        text = self.texts[name]
        part = lsp.Range(start=self.position(text, start), end=self.position(text, end))
        self.texts[name] = text[:start] + new + text[end:]
        self.versions[name] += 1
        document = lsp.VersionedTextDocumentIdentifier(uri=self.uri(name), version=self.versions[name])
        change = lsp.TextDocumentContentChangePartial(range=part, text=new)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(text_document=document, content_changes=[change]))

    def apply(self, edits, name):
        """Applies edits of one text, the last first, so that none moves another."""
        text = self.texts[name]
        places = [(self.offset(text, edit.range.start), self.offset(text, edit.range.end), edit.new_text) for edit in edits]
        for start, end, new in sorted(places, key=lambda place: place[:2], reverse=True):
            self.splice(name, start, end, new)

    def apply_to_all(self, edit: lsp.WorkspaceEdit):
        """Applies what an action offers, in the form that the profile takes."""
        names = {self.uri(name): name for name in self.texts}
        if self.able.workspace.workspace_edit.document_changes:
            assert edit.document_changes and not edit.changes, edit
            for change in edit.document_changes:
                name = names[change.text_document.uri]
                assert change.text_document.version == self.versions[name]
                self.apply(change.edits, name)
        else:
            assert edit.changes and not edit.document_changes, edit
            for uri, edits in edit.changes.items():
                self.apply(edits, names[uri])

    # --- places

    def units(self, text):
        """How many columns a text takes."""
        return len(text.encode()) if self.server.position_encoding == "utf-8" else len(text.encode("utf-16-le")) // 2

    def position(self, text, offset):
        start = text.rfind("\n", 0, offset) + 1
        return lsp.Position(line=text.count("\n", 0, offset), character=self.units(text[start:offset]))

    def offset(self, text, position):
        lines = text.splitlines(keepends=True)
        start, line = sum(map(len, lines[: position.line])), (lines + [""])[position.line]
        inside = next(at for at in range(len(line) + 1) if self.units(line[:at]) == position.character)
        return start + inside

    def at(self, name, words, behind=0):
        """The place where words stand for the first time, or so many letters behind it."""
        text = self.texts[name]
        return self.position(text, text.index(words) + behind)

    def place(self, name, words, behind=0):
        """The document and the place, as most requests take them."""
        return {"text_document": self.document(name), "position": self.at(name, words, behind)}

    def marked(self, name, part):
        """What a range of a text holds."""
        text = self.texts[name]
        return text[self.offset(text, part.start) : self.offset(text, part.end)]

    # --- what it is told

    async def told(self, name, *codes):
        """Waits until the messages of a file have exactly these codes, and returns them. Who asks has them with the first answer."""
        if self.pulls and name in self.texts:
            asked = lsp.DocumentDiagnosticParams(text_document=self.document(name))
            found = (await self.ask(lsp.TEXT_DOCUMENT_DIAGNOSTIC, asked)).items
            assert codes_of(found) == [*codes], found
            return found
        while codes_of(found := self.client.diagnostics.get(self.uri(name), [])) != [*codes]:
            try:
                await patient(self.client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS))
            except TimeoutError:
                raise AssertionError(f"told instead: {found}") from None
        return found

    async def ask(self, method, params):
        """The answer to a request."""
        return await patient(self.client.protocol.send_request_async(method, params))


def codes_of(messages):
    return [one.code for one in messages]
