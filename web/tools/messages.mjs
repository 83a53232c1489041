// Collects every `t('…')` of the sources into src/locales/en.json. With --check it only
// compares, and fails when the committed catalogue is out of date.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import ts from 'typescript';

const root = fileURLToPath(new URL('../src', import.meta.url));
const catalogue = join(root, 'locales/en.json');
const found = new Set();
const faults = [];

function visit(node, file) {
  if (ts.isCallExpression(node) && node.expression.getText(file) === 't') {
    const [message] = node.arguments;
    if (message && ts.isStringLiteralLike(message)) found.add(message.text);
    else {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      faults.push(`${file.fileName}:${line + 1}: t() needs one literal message`);
    }
  }
  ts.forEachChild(node, (child) => visit(child, file));
}

for (const name of readdirSync(root, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || /\.(test|d)\.tsx?$/.test(name) || name === 'text/words.ts') continue;
  const path = join(root, name);
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  visit(file, file);
}

if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
const sorted = Object.fromEntries([...found].sort().map((message) => [message, message]));
const wanted = JSON.stringify(sorted, null, 2) + '\n';
if (process.argv.includes('--check')) {
  let present = '';
  try {
    present = readFileSync(catalogue, 'utf8');
  } catch {
    // A missing catalogue is an out-of-date one.
  }
  if (present !== wanted) {
    console.error('src/locales/en.json is out of date: run `npm run messages`');
    process.exit(1);
  }
} else {
  writeFileSync(catalogue, wanted);
  console.log(`${found.size} messages`);
}
