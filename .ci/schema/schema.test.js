// experiments/schema.json, which editors read, beside the program: what the program takes the schema takes, and what is wrong with a key by
// itself both refuse.
//
//   go build -o /tmp/msweep ./experiments/msweep
//   MSWEEP=/tmp/msweep ROOT=$PWD npm test

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative, resolve} from 'node:path';
import {after, test} from 'node:test';
import Ajv from 'ajv';
import {parse} from 'yaml';

const root = process.env.ROOT;
const text = readFileSync(join(root, 'experiments/schema.json'), 'utf8');
const validate = new Ajv({strictTypes: false, strictNumbers: false}).compile(JSON.parse(text)); // .inf is a number
const dir = mkdtempSync(join(tmpdir(), 'schema'));
after(() => rmSync(dir, {recursive: true}));

// program plans a file.
function program(path) {
  const {status, stderr} = spawnSync(process.env.MSWEEP, ['list', '--config', path, '--out', join(dir, 'none')], {encoding: 'utf8', cwd: root});
  return {status, says: stderr.trim()};
}

// takes holds a file to both.
function takes(path) {
  assert.ok(validate(parse(readFileSync(path, 'utf8'))), JSON.stringify(validate.errors, null, 1));
  const {status, says} = program(path);
  if (/cifar10/.test(relative(root, path))) assert.match(says, /cifar10 needs --data/);
  else assert.equal(status, 0, says);
}

const folders = path => readdirSync(join(root, path), {withFileTypes: true}).filter(d => d.isDirectory()).map(d => join(path, d.name));
const yamls = path => existsSync(join(root, path)) ? readdirSync(join(root, path)).filter(f => f.endsWith('.yaml')).map(f => join(path, f)) : [];
const experiments = folders('experiments').flatMap(f => [...yamls(f), ...(f.endsWith('/cli') ? [] : yamls(join(f, 'testdata')))]); // cli's is a Kubernetes manifest
const results = folders('results/reference').flatMap(yamls);
const others = [...yamls('harness/config/testdata'), ...yamls('.ci/slurm')];

test('the schema is what the program prints', () => {
  assert.equal(spawnSync(process.env.MSWEEP, ['keys', '--schema'], {encoding: 'utf8'}).stdout, text);
});

test('there are files of each sort', () => {
  assert.ok(experiments.length >= 15 && results.length >= 10 && others.length >= 3, [experiments, results, others].join('\n'));
});

for (const file of [...experiments, ...results, ...others]) test(`${file} is taken`, () => takes(join(root, file)));

for (const file of [...experiments, ...yamls('.ci/slurm')]) {
  test(`an editor finds the schema from ${file}`, () => {
    const [, path] = readFileSync(join(root, file), 'utf8').match(/^# yaml-language-server: \$schema=(\S+)$/m) ?? [];
    assert.ok(path, 'no line says where');
    assert.equal(relative(root, resolve(join(root, dirname(file)), path)), 'experiments/schema.json');
  });
}

const base = `name: base
data: {kind: spirals, n: 300, train: 64, val: 32, test: 64}
model: {kind: mlp, hidden: [8]}
optimizer: {kind: sam, rho: 0.1, base: {kind: sgd, momentum: 0.9}}
lr: 0.1
epochs: 3
batch_size: 16
measures: [{kind: msharp, m: [1, 16], rho: 0.1}, gradnorm]
sweep: {seed: 'range(1, 3)', optimizer.rho: [0, 0.1]}
`;
writeFileSync(join(dir, 'base.yaml'), base);

// edited is base with a text in it replaced.
function edited(old, by) {
  assert.ok(base.includes(old), old);
  const path = join(dir, 'edited.yaml');
  writeFileSync(path, base.replace(old, by));
  return path;
}

// file is a file of its own, beside base.yaml.
function file(content) {
  const path = join(dir, 'file.yaml');
  writeFileSync(path, content);
  return path;
}

const sweep = base.slice(base.indexOf('sweep:'));
const measures = base.split('\n').find(l => l.startsWith('measures:'));

for (const [what, path] of Object.entries({
  'the base': () => join(dir, 'base.yaml'),
  'a kind by its name alone': () => edited('model: {kind: mlp, hidden: [8]}', 'model: mlp'),
  'one item for a list': () => edited('hidden: [8]', 'hidden: 8'),
  'no hidden layer': () => edited('hidden: [8]', 'hidden: []'),
  'a single measure': () => edited(measures, 'measures: {kind: hessian, k: 2}'),
  'no measures': () => edited(measures, 'measures: []'),
  'infinity': () => edited('rho: 0.1, base', 'p: .inf, base'),
  'infinity as records have it': () => edited('rho: 0.1, base', 'p: ".inf", base'),
  'a number for a text': () => edited('lr: 0.1', 'lr: 0.1\nslurm: {time: 30, sbatch: --qos=low}'),
  'durations': () => edited('lr: 0.1', 'lr: 0.1\ntime_limit: 1h30m\ncheckpoint_after: 0'),
  'a stop in place of epochs': () => edited('epochs: 3', 'stop: {train_loss: 0.1, max_epochs: 3}'),
  'a stop that is none': () => edited('epochs: 3', 'epochs: 3\nstop: null\nwatch: null'),
  'a watch': () => edited('epochs: 3', 'epochs: 3\nwatch: {every: 2, unit: epoch, measures: norm}'),
  'schedules in schedules': () => edited('lr: 0.1', 'lr: 0.1\nschedule: {kind: warmup, epochs: 1, then: {kind: warmup, epochs: 1, then: cosine}}'),
  'a swept key inside kinds inside kinds': () => edited(sweep, 'schedule: {kind: warmup, then: {kind: warmup, then: {kind: warmup}}}\nsweep: {schedule.then.then.epochs: [1, 2]}'),
  'a list of grids': () => edited(sweep, 'sweep: [{}, {seed: 2, lr: [0.1, 0.2]}, {seed: ["range(3, 5)", 7]}]'),
  'a key swept whole': () => edited(sweep, 'sweep: {optimizer: [sgd, {kind: adam, beta1: 0.8}], model.hidden: [8, [4, 4], []]}'),
  'a swept kind': () => edited(base, base.replace(', momentum: 0.9', '').replace(sweep, 'sweep: {optimizer.base.kind: [sgd, adam], optimizer.base.weight_decay: 0.1}')),
  'a kind that the sweep gives': () => edited(base, base.replace('{kind: mlp, hidden: [8]}', '{hidden: [8]}').replace('sweep: {', 'sweep: {model.kind: mlp, ')),
  'what the sweep completes': () => edited(base, base.replace('epochs: 3', 'stop: {train_loss: 0.1}').replace('sweep: {', 'sweep: {stop.max_epochs: [2, 3], ')),
  'an extending file': () => file('extends: base.yaml\noptimizer: {rho: 0.2, base: {momentum: 0}}\nmeasures: null\nepochs: null\nstop: {train_loss: 0.1, max_epochs: 2}\nsweep: null\n'),
})) test(`${what}: both take it`, () => takes(path()));

for (const [what, [path, says]] of Object.entries({
  'an unknown key': [() => edited('epochs: 3', 'epoch: 3'), /epoch = 3: unknown key/],
  'an unknown key of a kind': [() => edited('hidden: [8]', 'hiden: [8]'), /model\.hiden = \[8\]: unknown key/],
  'a key of another kind': [() => edited('n: 300', 'file: a.csv'), /data\.file = a\.csv: unknown key/],
  'a key of another kind, two down': [() => edited('momentum: 0.9', 'beta1: 0.9'), /optimizer\.base\.beta1 = 0\.9: unknown key/],
  'a key of another measure': [() => edited('gradnorm', '{kind: gradnorm, m: 1}'), /measures\[1\]\.m = 1: unknown key/],
  'an unknown kind': [() => edited('kind: mlp', 'kind: mlpp'), /model\.kind = mlpp: unknown model/],
  'an unknown measure': [() => edited('gradnorm', 'gradnrm'), /measures\[1\]\.kind = gradnrm: unknown measure/],
  'no kind': [() => edited('kind: mlp, ', ''), /model\.kind: missing/],
  'no kind in a list': [() => edited('kind: msharp, ', ''), /measures\[0\]\.kind: missing/],
  'a wrong type': [() => edited('lr: 0.1', 'lr: fast'), /lr = fast: not a number/],
  'a list for a number': [() => edited('lr: 0.1', 'lr: [0.1]'), /lr = \[0\.1\]: not a number/],
  'a fraction': [() => edited('epochs: 3', 'epochs: 2.5'), /epochs = 2\.5: not a whole number/],
  'too small a number': [() => edited('rho: 0.1, base', 'decay: -0.1, base'), /optimizer\.decay = -0\.1: out of range/],
  'an excluded end': [() => edited('lr: 0.1', 'lr: 0'), /lr = 0: out of range/],
  'too large a number': [() => edited('momentum: 0.9', 'momentum: 1'), /optimizer\.base\.momentum = 1: out of range/],
  'infinity where there is none': [() => edited('rho: 0.1, base', 'decay: .inf, base'), /optimizer\.decay = \.inf: not finite/],
  'no number': [() => edited('rho: 0.1, base', 'decay: .nan, base'), /optimizer\.decay = \.nan: not finite/],
  'a name that is not listed': [() => edited('lr: 0.1', 'lr: 0.1\ntest_at: best'), /test_at = best: unknown name/],
  'a truth value in words': [() => edited('lr: 0.1', 'lr: 0.1\nkeep_weights: yes'), /keep_weights = yes: not a truth value/],
  'no duration': [() => edited('lr: 0.1', 'lr: 0.1\ntime_limit: 5'), /time_limit = 5: not a duration/],
  'an empty list': [() => edited('m: [1, 16]', 'm: []'), /measures\[0\]\.m = \[\]: empty list/],
  'a block without channels': [() => edited('{kind: mlp, hidden: [8]}', '{kind: cnn, blocks: [{kernel: 3}]}'), /model\.blocks\[0\]\.channels: missing/],
  'a watch of nothing': [() => edited('epochs: 3', 'epochs: 3\nwatch: {every: 2}'), /watch\.measures: missing/],
  'nothing where something must be': [() => edited('lr: 0.1', 'lr: null'), /lr = null: not a number/],
  'a bad name': [() => edited('name: base', 'name: ../base'), /name = \.\.\/base: not a name/],
  'an unknown axis': [() => edited('optimizer.rho: [', 'optimizer.roh: ['), /optimizer\.roh = 0: unknown key/],
  'a key that cannot be swept': [() => edited('sweep: {', 'sweep: {trace: [none, step], '), /sweep\.trace: cannot be swept/],
  'a swept value out of range': [() => edited('[0, 0.1]', '[0, -1]'), /optimizer\.rho = -1: out of range/],
  'no range': [() => edited('range(1, 3)', 'range(1)'), /sweep\.seed = range\(1\): not a range/],
  'an axis without values': [() => edited('[0, 0.1]', '[]'), /sweep\.optimizer\.rho = \[\]: empty list/],
  'nested axes': [() => edited('optimizer.rho: [0, 0.1]', 'optimizer: {rho: [0, 0.1]}'), /sweep\.optimizer = .*: read as one value of optimizer/],
  'a dotted key outside of the sweep': [() => edited('lr: 0.1', 'lr: 0.1\nmodel.hidden: [8]'), /model\.hidden = \[8\]: unknown key/],
  'a list in place of a file': [() => file('- name: base\n'), /not a mapping/],
  'an unknown key of an extending file': [() => file('extends: base.yaml\noptimizer: {roh: 0.1}\n'), /optimizer\.roh = 0\.1: unknown key/],
})) test(`${what}: both refuse it`, () => {
  const at = path();
  assert.ok(!validate(parse(readFileSync(at, 'utf8'))), 'the schema takes it');
  const {status, says: said} = program(at);
  assert.equal(status, 2, said);
  assert.match(said, says);
});
