// What stands on a page, with its script and without.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {pages, records, report, verdicts} from './files.js';
import {count} from './records.js';

// stands wants what needs no script: verdicts, figures, the best ρ.
async function stands(page) {
  const heads = await page.locator('h2').allTextContents();
  assert.deepEqual(heads.filter(h => h !== 'Mind'), ['Verdicts', 'Finding', 'Figures', 'Best ρ for each m', 'Records', 'Provenance']);
  assert.equal(await page.locator('.verdicts tbody tr').count(), verdicts.length);
  for (const v of verdicts) {
    const row = page.locator('.verdicts tbody tr', {has: page.getByText(v.claim, {exact: true})});
    const text = await row.textContent();
    for (const part of [v.text, v.verdict, v.why]) assert.ok(text.includes(part), `${v.claim}: no ${part}`);
  }
  assert.ok(await page.locator('figure svg').count() >= 5);
  const ms = new Set(records.map(r => r['optimizer.m']).filter(Boolean));
  assert.equal(await page.locator('section[aria-label="Table of the best ρ"] tbody tr').count(), ms.size);
}

test('what stands on the page', async () => {
  const page = await open(report);
  await stands(page);
  assert.equal(await count(page), records.length + ' trials');
  assert.equal(await page.locator('#unscripted').isVisible(), false);
  quiet(page);
});

test('without scripts', async () => {
  const page = await open(report, {javaScriptEnabled: false});
  await stands(page);
  assert.ok(await page.getByText('The table of records is made by a script, which has not run; the command export writes all of it.').isVisible());
  quiet(page);
});

test('in a browser that cannot unpack the data', async () => {
  const page = await open(report, {without: 'DecompressionStream', ends: false});
  await stands(page);
  await page.getByText('this browser has no DecompressionStream to unpack it with; the command export writes all of it.').waitFor();
  assert.equal(await page.locator('#browser').isVisible(), false);
  assert.deepEqual(page.faults, ['error: DecompressionStream is not defined']);
});

test('every page opens quietly', async () => {
  for (const file of pages) quiet(await open(file));
});
