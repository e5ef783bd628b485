// Compares the class that the compiler gives to each token with the scope that the TextMate grammar gives to it.
//
//     node tests/editors/textmate.mjs CLASSES.json
//
// CLASSES.json comes from the test `classes_are_written_for_textmate`. Run by grammars.sh.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const extension = fileURLToPath(new URL('../../editors/vscode/', import.meta.url));
const require = createRequire(`${extension}package.json`);
const { Registry, parseRawGrammar, INITIAL } = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

/** The class that each scope stands for; the innermost scope that has one decides. */
const CLASSES = [
  ['comment.line.documentation', 'Documentation'],
  ['comment', 'Comment'],
  ['constant.character.escape', 'Escape'],
  ['constant.numeric', 'Number'],
  ['constant.language', 'Constant'],
  ['punctuation.definition.string', 'Text'],
  ['punctuation.definition.decorator', 'Annotation'],
  ['entity.name.function.decorator', 'Annotation'],
  ['punctuation', 'Punctuation'],
  ['string', 'Text'],
  ['keyword.operator.word', 'Keyword'],
  ['keyword.operator', 'Operator'],
  ['keyword', 'Keyword'],
  ['storage', 'Keyword'],
  ['entity.name.type', 'Type'],
  ['entity.name.function', 'Function'],
  ['variable.other.property', 'Property'],
  ['variable', 'Variable'],
];

function classOf(scopes) {
  for (const scope of [...scopes].reverse()) {
    const found = CLASSES.find(([prefix]) => scope === prefix || scope.startsWith(`${prefix}.`));
    if (found) return found[1];
  }
  return 'none';
}

async function load() {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const path = `${extension}syntaxes/infra.tmLanguage.json`;
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(readFileSync(path, 'utf8'), path),
  });
  return registry.loadGrammar('source.infra');
}

/** The class of each byte of a text. */
function classesByByte(grammar, text) {
  const classes = [];
  let state = INITIAL;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    for (const token of result.tokens) {
      const part = line.slice(token.startIndex, token.endIndex);
      const own = classOf(token.scopes);
      for (let n = Buffer.byteLength(part); n > 0; n--) classes.push(own);
    }
    classes.push('none');
    state = result.ruleStack;
  }
  return classes;
}

const grammar = await load();
const counts = {};
const wrong = [];
for (const { place, text, tokens } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const bytes = Buffer.from(text);
  const classes = classesByByte(grammar, text);
  if (classes.length < bytes.length) throw new Error(`${place}: ${classes.length} classes of ${bytes.length} bytes`);
  for (const [start, end, expected] of tokens) {
    counts[expected] = (counts[expected] ?? 0) + 1;
    for (let at = start; at < end; at++) {
      if (bytes[at] > 32 && classes[at] !== expected) {
        const line = bytes.subarray(0, start).toString().split('\n').length;
        wrong.push(`${place}:${line}: \`${bytes.subarray(start, end)}\` is ${expected}, for TextMate ${classes[at]}`);
        break;
      }
    }
  }
}
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
console.log(`${total} tokens: ${JSON.stringify(counts)}`);
for (const line of wrong.slice(0, 60)) console.log(line);
console.log(`${wrong.length} of them differ`);
process.exit(wrong.length === 0 && total > 10000 ? 0 : 1);
