// The Parquet export read by hyparquet, which shares no code with what wrote it, beside the CSV of the same records:
//
//   go run ./experiments/msweep export --format parquet -o /tmp/t.parquet --out DIR
//   PARQUET=/tmp/t.parquet CSV=DIR/records.csv npm test

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects} from 'hyparquet';

const file = await asyncBufferFromFile(process.env.PARQUET);
const {schema, num_rows} = await parquetMetadataAsync(file);
const columns = schema.slice(1); // the first is the root
const rows = await parquetReadObjects({file});
const [head, ...cells] = parse(readFileSync(process.env.CSV, 'utf8'));
const ofRun = ['revision', 'kernel', 'host'];

// parse reads CSV as RFC 4180 has it.
function parse(text) {
  const lines = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') lines.push([]);
  }
  return lines.slice(0, -1);
}

// type names what a column holds.
function type({name, type, converted_type, logical_type, repetition_type}) {
  assert.equal(repetition_type, 'OPTIONAL', name);
  if (type === 'BYTE_ARRAY') assert.equal(converted_type, 'UTF8', name);
  if (type === 'INT64') assert.deepEqual(logical_type, {type: 'INTEGER', bitWidth: 64, isSigned: true}, name);
  return type;
}

test('the columns are those of the CSV, and then where the trial ran', () => {
  assert.deepEqual(columns.map(c => c.name), [...head, ...ofRun]);
  assert.equal(Number(num_rows), cells.length);
  assert.equal(rows.length, cells.length);
  assert.ok(cells.length > 0);
});

test('types are what the columns hold', () => {
  const types = Object.fromEntries(columns.map(c => [c.name, type(c)]));
  const want = {
    'id': 'BYTE_ARRAY', 'status': 'BYTE_ARRAY', 'seed': 'INT64', 'lr': 'DOUBLE', 'batch_size': 'INT64', 'model.hidden': 'BYTE_ARRAY', 'optimizer.kind': 'BYTE_ARRAY',
    'optimizer.m': 'INT64', 'optimizer.rho': 'DOUBLE', 'optimizer.base.nesterov': 'BOOLEAN', 'optimizer.base.momentum': 'DOUBLE',
    'revision': 'BYTE_ARRAY', 'kernel': 'BYTE_ARRAY', 'host': 'BYTE_ARRAY',
  };
  for (const name in want) assert.equal(types[name], want[name], name);
  for (const name of head.slice(head.indexOf('train_error'))) assert.equal(types[name], 'DOUBLE', name);
});

test('cells are those of the CSV', () => {
  for (const [i, row] of rows.entries()) {
    for (const [k, name] of head.entries()) {
      const cell = row[name], text = cells[i][k];
      switch (typeof cell) {
        case 'object': // null
          assert.equal(text, '', name);
          break;
        case 'bigint':
          assert.equal(cell, BigInt(Number(text)), name);
          break;
        case 'number':
          if (name.endsWith('_seconds')) assert.ok(Math.abs(cell - Number(text)) <= 0.0005001, name);
          else assert.equal(cell, text === 'inf' ? Infinity : Number(text), name);
          break;
        default:
          assert.equal(String(cell), text, name);
      }
    }
    assert.ok(row.kernel && row.host, 'where it ran');
    assert.ok(Array.isArray(JSON.parse(row['model.hidden'])), 'a list is JSON');
  }
});
