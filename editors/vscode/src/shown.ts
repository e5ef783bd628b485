// Texts that the server makes and nobody edits: the emitted file that a value reaches, the reach of an endpoint.

import * as vscode from 'vscode';
import type { Server } from './server';

/** The scheme of their addresses. */
export const SHOWN = 'infrac-shown';

/** What `infrac.artefact` answers: the emitted lines that the value reaches. The protocol gives the text of their files. */
interface Artefact {
  lines: { uri: string; path: string; line: number; address: string; field: string }[];
}

export class ShownTexts implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  async showArtefact(): Promise<void> {
    const artefact = await this.server.command<Artefact>('infrac.artefact');
    if (!artefact) return;
    const choices = artefact.lines.map((line) => ({
      label: [line.address, line.field].filter(Boolean).join(' '),
      description: `${line.path}:${line.line + 1}`,
      line,
    }));
    if (choices.length === 0) {
      void vscode.window.showInformationMessage('Nothing of this reaches an emitted file.');
      return;
    }
    const chosen = choices.length === 1 ? choices[0] : await vscode.window.showQuickPick(choices);
    if (chosen) await this.open(vscode.Uri.parse(chosen.line.uri), chosen.line.line);
  }

  async showReach(): Promise<void> {
    const reach = await this.server.command<{ text: string }>('infrac.reach');
    if (!reach) return;
    const uri = vscode.Uri.from({ scheme: SHOWN, path: '/reach.txt' });
    this.texts.set(uri.toString(), reach.text);
    this.changed.fire(uri);
    await this.open(uri, undefined);
  }

  /** Opens a text beside the one at hand, at a line. */
  private async open(uri: vscode.Uri, line: number | undefined): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
    if (line === undefined || line >= document.lineCount) return;
    const range = document.lineAt(line).range;
    editor.selection = new vscode.Selection(range.start, range.end);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
  }
}
