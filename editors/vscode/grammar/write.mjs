// Writes the TextMate grammar as editors read it; with `--check` says whether it is what was written.

import { readFileSync, writeFileSync } from 'node:fs';
import grammar from './infra.mjs';

const path = new URL('../syntaxes/infra.tmLanguage.json', import.meta.url);
const text = `${JSON.stringify(grammar, undefined, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (readFileSync(path, 'utf8') !== text) {
  console.error('syntaxes/infra.tmLanguage.json is not what grammar/infra.mjs gives: npm run grammar');
  process.exit(1);
}
