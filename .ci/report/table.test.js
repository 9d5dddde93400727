// The table of records: sorted and filtered.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {records, report} from './files.js';
import {allRows, count, header, shown} from './records.js';

test('a click on a column sorts, both ways', async () => {
  const page = await open(report);
  for (const name of ['test_error', 'optimizer.m', 'id']) {
    for (const direction of ['ascending', 'descending']) {
      await header(page, name).getByRole('button').click();
      assert.equal(await header(page, name).getAttribute('aria-sort'), direction);
      assert.equal(await page.locator('[aria-sort]').count(), 1);
      await allRows(page);
      const cells = await shown(page, name);
      assert.equal(cells.length, records.length);
      const some = cells.filter(c => c !== '–').map(c => (name === 'id' ? c : Number(c)));
      const want = [...some].sort((a, b) => (a > b) - (a < b));
      assert.deepEqual(some, direction === 'ascending' ? want : want.reverse());
      assert.ok(cells.slice(some.length).every(c => c === '–'), 'what is missing stands last');
    }
  }
  quiet(page);
});

test('every column sorts', async () => {
  const page = await open(report);
  await page.getByLabel('measures').check();
  const sorted = await page.evaluate(() => {
    const n = document.querySelectorAll('#table thead button').length;
    return Array.from({length: n}, (_, k) => {
      document.querySelectorAll('#table thead button')[k].click();
      return document.querySelectorAll('#table thead th')[k].getAttribute('aria-sort');
    });
  });
  assert.ok(sorted.length > 40 && sorted.every(direction => direction));
  quiet(page);
});

test('a filter filters, and the count agrees', async () => {
  const page = await open(report);
  const agree = async keep => {
    const want = records.filter(keep);
    assert.ok(want.length > 0 && want.length < records.length, 'the filter tells trials apart');
    assert.equal(await count(page), `${want.length} of ${records.length} trials`);
    await allRows(page);
    assert.deepEqual((await shown(page, 'id')).sort(), want.map(r => r.id).sort());
  };
  await page.getByLabel('optimizer.m', {exact: true}).selectOption('16');
  await agree(r => r['optimizer.m'] === '16');
  await page.getByLabel('optimizer.rho').selectOption('0.1');
  await agree(r => r['optimizer.m'] === '16' && r['optimizer.rho'] === '0.1');
  await page.getByRole('button', {name: 'Show all'}).click();
  assert.equal(await count(page), records.length + ' trials');
  await page.getByLabel('optimizer.m', {exact: true}).selectOption('–');
  await agree(r => r['optimizer.m'] === '');
  await page.getByRole('button', {name: 'Show all'}).click();
  await page.getByLabel('Filter').fill(records[5].id.slice(2, 12).toUpperCase());
  await agree(r => r.id === records[5].id);
  await page.getByLabel('Filter').fill('no such trial');
  assert.equal(await count(page), `0 of ${records.length} trials`);
  quiet(page);
});

test('a filter takes conditions on keys', async () => {
  const page = await open(report);
  for (const [text, keep] of [
    ['optimizer.rho=0.05', r => Number(r['optimizer.rho']) === .05],
    ['rho=.05 m=16', r => Number(r['optimizer.rho']) === .05 && r['optimizer.m'] === '16'],
    ['OPTIMIZER.RHO=0.05 done', r => Number(r['optimizer.rho']) === .05 && r.status === 'done'],
    ['rho>0.05', r => Number(r['optimizer.rho']) > .05],
    ['rho<=0.05', r => r['optimizer.rho'] !== '' && Number(r['optimizer.rho']) <= .05],
    ['m=', r => r['optimizer.m'] === ''],
    ['m!=16', r => r['optimizer.m'] !== '16'],
    ['test_error<0.1', r => r.test_error !== '' && Number(r.test_error) < .1],
    ['status=done "optimizer.rho">=0.1', r => r.status === 'done' && Number(r['optimizer.rho']) >= .1],
    ['nosuchkey=1', () => false],
    ['rho<x', () => false],
  ]) {
    await page.getByLabel('Filter').fill(text);
    const want = records.filter(keep);
    assert.equal(await count(page), want.length === records.length ? `${want.length} trials` : `${want.length} of ${records.length} trials`, text);
    await allRows(page);
    assert.deepEqual((await shown(page, 'id')).sort(), want.map(r => r.id).sort(), text);
  }
  quiet(page);
});

test('a word is looked for in the columns that are shown, and else in all', async () => {
  const page = await open(report);
  await page.getByLabel('Filter').fill('relu'); // the activation of all, which is not shown
  assert.equal(await count(page), records.length + ' trials');
  await page.getByLabel('Filter').fill(records[0].id);
  assert.equal(await count(page), `1 of ${records.length} trials`);
  quiet(page);
});
