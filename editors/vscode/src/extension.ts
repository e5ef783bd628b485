// Starts `infrac lsp` and shows what it answers. Whatever can be asked in the language server protocol's own words is (files of
// the library and pages about mistakes are `workspace/textDocumentContent`); what the protocol has no word for (an artefact, the
// reach, the graph) is described in README.md.

import * as vscode from 'vscode';
import { Server } from './server';
import { SHOWN, ShownTexts } from './shown';
import { showGraph } from './graph';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = new Server();
  const shown = new ShownTexts(server);
  context.subscriptions.push(
    server,
    vscode.workspace.registerTextDocumentContentProvider(SHOWN, shown),
    vscode.commands.registerCommand('infrac.restart', () => server.restart()),
    vscode.commands.registerCommand('infrac.showOutput', () => server.output.show()),
    vscode.commands.registerCommand('infrac.showArtefact', () => shown.showArtefact()),
    vscode.commands.registerCommand('infrac.showReach', () => shown.showReach()),
    vscode.commands.registerCommand('infrac.showGraph', () => showGraph(server)),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration('infrac.path') ? server.restart() : undefined,
    ),
  );
  await server.start();
}
