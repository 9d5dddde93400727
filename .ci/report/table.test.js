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
