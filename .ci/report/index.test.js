// The index over several output folders.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open} from './browser.js';
import {index, look} from './files.js';

test('the index leads to the reports', async () => {
  const page = await open(index);
  assert.deepEqual(page.faults, []);
  const folder = page.address.slice(0, page.address.lastIndexOf('/') + 1);
  assert.ok(page.requests.every(url => url.startsWith(folder)), page.requests.join('\n'));
  await page.evaluate(async () => { for (const image of document.images) { image.loading = 'eager'; await image.decode(); } });
  const broken = await page.locator('img').evaluateAll(images => images.filter(i => !i.naturalWidth).map(i => i.src));
  assert.deepEqual(broken, []);
  await page.screenshot({path: look('index.png'), fullPage: true});
  const links = await page.locator('article a').evaluateAll(all => all.map(a => a.href));
  assert.ok(links.length >= 2);
  for (const link of links) {
    await page.goto(link);
    assert.ok(await page.locator('.verdicts').isVisible(), link);
  }
});
