// The chosen trial: by a click, and by the address.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {made, records, report} from './files.js';
import {chosen, shows} from './records.js';

test('a click on a row shows its trial', async () => {
  const page = await open(report);
  const row = page.locator('#table tbody tr').nth(7);
  await row.locator('td').nth(3).click();
  const id = await row.locator('a').textContent();
  await shows(page, records.find(r => r.id === id));
  assert.equal(new URL(page.url()).hash, '#trial=' + id);
  assert.equal(await row.getAttribute('aria-current'), 'true');
  assert.equal(await page.locator('[aria-current]').count(), 1);
  await page.getByText('The numbers of these curves').click();
  assert.equal(await page.locator('#trial details table tbody tr').first().locator('th').textContent(), '1');
  await page.locator('.chart svg[role=img]').first().hover({position: {x: 200, y: 80}});
  assert.match(await page.locator('.read').first().textContent(), /^epoch \d+: clean [\d.e-]+/);
  await page.goBack();
  assert.equal(new URL(page.url()).hash, '');
  quiet(page);
});

test('an address shows its trial', async () => {
  const last = records[records.length - 1];
  const page = await open(report, {hash: '#trial=' + last.id});
  await shows(page, last);
  await page.goto(page.address + '#trial=nosuch');
  await chosen(page, 'No trial nosuch');
  quiet(page);
});

test('classes stand under their names, and under their numbers where they have none', async () => {
  for (const [name, first, last] of [['one', 'top', 'boot'], ['whole', '0', '9']]) {
    const page = await open(made(name));
    const heads = await page.locator('.confusion thead th').allTextContents();
    assert.deepEqual([heads[1], heads[10], heads.length], [first, last, 12], name);
    assert.deepEqual(await page.locator('.confusion tbody tr').evaluateAll(rows => rows.map(tr => tr.cells[0].textContent)), heads.slice(1, -1), name);
    quiet(page);
  }
});
