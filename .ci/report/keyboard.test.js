// The keyboard alone.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {records, report} from './files.js';
import {count, header, shown, shows} from './records.js';

const focused = page => page.evaluate(() => document.activeElement.textContent);

// seen says whether the focus shows.
const seen = page => page.evaluate(() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return at.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
});

// tabTo presses Tab until the focus is where a selector says, and wants to see it all the way.
async function tabTo(page, what) {
  for (let k = 0; k < 120; k++) {
    await page.keyboard.press('Tab');
    assert.ok(await seen(page), 'focus is seen at ' + await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80)));
    if (await page.evaluate(selector => document.activeElement.matches(selector), what)) return;
  }
  assert.fail('Tab never reaches ' + what);
}

test('the keyboard filters and sorts', async () => {
  const page = await open(report);
  await tabTo(page, 'nav a[href="#records"]');
  await page.keyboard.press('Enter');
  await tabTo(page, '#text');
  await page.keyboard.type('done');
  await tabTo(page, '#choices select');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const least = records.map(r => r['optimizer.m']).filter(Boolean).sort((a, b) => a - b)[0]; // the choice after "all" and "none"
  const kept = records.filter(r => r['optimizer.m'] === least);
  assert.equal(await count(page), `${kept.length} of ${records.length} trials`);
  await tabTo(page, '#groups input');
  await tabTo(page, '#table thead th:nth-child(4) button');
  await page.keyboard.press('Enter');
  assert.equal(await header(page, 'optimizer.rho').getAttribute('aria-sort'), 'ascending');
  assert.ok(await page.evaluate(() => document.activeElement.matches('#table thead th:nth-child(4) button')), 'the focus stays');
  await page.keyboard.press('Space');
  assert.equal(await header(page, 'optimizer.rho').getAttribute('aria-sort'), 'descending');
  quiet(page);
});

test('the keyboard chooses a trial and comes back', async () => {
  const page = await open(report);
  await tabTo(page, '#table tbody a');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const id = await focused(page);
  assert.equal(id, (await shown(page, 'id'))[1]);
  await page.keyboard.press('Enter');
  await shows(page, records.find(r => r.id === id));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'trial-name');
  await tabTo(page, '#trial .back');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), id);
  await page.keyboard.press('End');
  assert.equal(await focused(page), (await shown(page, 'id')).pop());
  await tabTo(page, '#trial .back');
  await tabTo(page, '.paper summary');
  quiet(page);
});
