// The files under test, as .ci/run names them.
//
//   PAGES=DIR      what go test ./plots/page -run TestPages -pages DIR wrote
//   SWEEP=DIR      an output folder of msweep
//   INDEX=FILE     an index.html over such folders
//   REFERENCE=DIR  the committed results: an index, and folders with reports
//   LOOK=DIR       where screenshots and a PDF go

import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

for (const name of ['PAGES', 'SWEEP', 'INDEX', 'REFERENCE', 'LOOK']) assert.ok(existsSync(process.env[name] ?? ''), name + ' must name what there is');
const {PAGES, SWEEP, INDEX, REFERENCE, LOOK} = process.env;

export const index = INDEX;
export const report = join(SWEEP, 'report.html');
export const look = name => join(LOOK, name);

// The committed pages.
export const committed = ['index.html', ...readdirSync(REFERENCE, {withFileTypes: true}).filter(e => e.isDirectory()).map(e => join(e.name, 'report.html'))]
  .map(name => join(REFERENCE, name));
assert.ok(committed.length >= 2 && committed.every(existsSync), 'reports in ' + REFERENCE);

// The pages of TestPages.
export const pages = readdirSync(PAGES).map(name => join(PAGES, name));
export const made = name => join(PAGES, name + '.html');
for (const name of ['whole', 'hostile', 'empty', 'one', 'diverged', 'watched', 'many']) assert.ok(pages.includes(made(name)), 'no page ' + name);

// The records and verdicts of the sweep, for what its report says to be held to.
export const records = parsed(readFileSync(join(SWEEP, 'records.csv'), 'utf8'));
export const points = figure => parsed(readFileSync(join(SWEEP, 'figures', figure + '.csv'), 'utf8'));
export const verdicts = JSON.parse(readFileSync(join(SWEEP, 'verdicts.json'), 'utf8'));

// parsed is a CSV as rows: it reads a table without line breaks in its cells.
export function parsed(text) {
  const plain = cell => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
  const cells = line => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(m => plain(m[1]));
  const [head, ...rows] = text.trim().split('\n');
  const names = cells(head);
  return rows.map(line => Object.fromEntries(cells(line).slice(0, names.length).map((cell, k) => [names[k], cell])));
}
