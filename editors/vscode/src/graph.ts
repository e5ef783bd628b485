// The graph as a picture beside the text.

import * as vscode from 'vscode';
import type { Server } from './server';

let panel: vscode.WebviewPanel | undefined;

export async function showGraph(server: Server): Promise<void> {
  const graph = await server.command<{ svg: string }>('infrac.graph');
  if (!graph) return;
  if (!panel) {
    panel = vscode.window.createWebviewPanel('infrac.graph', 'Infra: Graph', vscode.ViewColumn.Beside, {
      enableScripts: false,
      enableFindWidget: true,
      localResourceRoots: [],
    });
    panel.onDidDispose(() => (panel = undefined));
  }
  panel.webview.html = page(graph.svg);
  panel.reveal(vscode.ViewColumn.Beside, true);
}

/** Nothing is fetched and nothing runs: the picture is all there is. */
function page(svg: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Graph</title>
</head>
<body>${svg}</body>
</html>`;
}
