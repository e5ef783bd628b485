// The language server as a process: started, started anew, asked.

import * as vscode from 'vscode';
import { ExecuteCommandRequest, LanguageClient, State } from 'vscode-languageclient/node';

/** What the server is asked beyond the protocol: see README.md. */
const COMMANDS = ['infrac.artefact', 'infrac.reach', 'infrac.graph'] as const;
export type Command = (typeof COMMANDS)[number];

/** A place in a file, and the environment that is asked about. */
export interface Place {
  uri: string;
  position: { line: number; character: number };
  environment?: string;
}

export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel('Infra', { log: true });
  private client: LanguageClient | undefined;
  /** One start or stop after the other. */
  private turn: Promise<void> = Promise.resolve();

  start(): Promise<void> {
    return this.next(() => this.run());
  }

  restart(): Promise<void> {
    return this.next(async () => {
      await this.stop();
      await this.run();
    });
  }

  dispose(): void {
    void this.next(() => this.stop()).then(() => this.output.dispose());
  }

  /** A command of the server's about the cursor's place. */
  async command<Answer>(command: Command): Promise<Answer | undefined> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'infra') return undefined;
    await this.turn;
    if (this.client?.state !== State.Running) {
      void vscode.window.showWarningMessage('The language server does not run: see “Infra: Show Output”.');
      return undefined;
    }
    const convert = this.client.code2ProtocolConverter;
    const environment = vscode.workspace.getConfiguration('infrac', editor.document).get<string>('environment');
    const place: Place = {
      uri: convert.asUri(editor.document.uri),
      position: convert.asPosition(editor.selection.active),
      ...(environment ? { environment } : {}),
    };
    try {
      return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [place] })) ?? undefined;
    } catch (problem) {
      void vscode.window.showWarningMessage(problem instanceof Error ? problem.message : String(problem));
      return undefined;
    }
  }

  private next(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  /** Menus show what the server can answer, and nothing else. */
  private offer(commands: string[]): void {
    for (const command of COMMANDS) {
      void vscode.commands.executeCommand('setContext', `${command}.offered`, commands.includes(command));
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.offer([]);
    await client?.dispose().catch((problem: unknown) => this.output.warn(String(problem)));
  }

  private async run(): Promise<void> {
    const command = vscode.workspace.getConfiguration('infrac').get<string>('path') || 'infrac';
    const client = new LanguageClient(
      'infrac',
      'Infra',
      { command, args: ['lsp'] },
      {
        documentSelector: [
          { scheme: 'file', language: 'infra' },
          { scheme: 'untitled', language: 'infra' },
        ],
        outputChannel: this.output,
      },
    );
    this.client = client;
    try {
      await client.start();
      this.offer(client.initializeResult?.capabilities.executeCommandProvider?.commands ?? []);
    } catch (problem) {
      this.output.error(`${command} lsp: ${String(problem)}`);
      const settings = 'Open Settings';
      void vscode.window
        .showErrorMessage(`\`${command} lsp\` does not start. Is infrac installed, and on the PATH?`, settings)
        .then((chosen) =>
          chosen === settings
            ? vscode.commands.executeCommand('workbench.action.openSettings', 'infrac.path')
            : undefined,
        );
    }
  }
}
