// Text that would break out of the page, in every place that text can come from.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet, ready} from './browser.js';
import {made} from './files.js';
import {chosen, count} from './records.js';

test('hostile text does no harm', async () => {
  const page = await open(made('hostile'));
  const scripts = await page.locator('script').count();
  const links = page.locator('#table tbody a');
  const id = await links.nth(3).textContent();
  assert.ok(id.includes(`<script>alert(1)</script><!-- ]]> & \u2028\u2029 </title>`));
  await links.nth(3).click();
  await chosen(page, 'Trial ' + id);
  await page.getByText('Everything recorded of this trial').click();
  for (const group of ['where and how fast', 'settings that do not vary', 'measures']) await page.getByLabel(group).check();
  await page.getByLabel('Filter').fill('<script>alert(1)</script>');
  assert.equal(await count(page), '27 trials');
  assert.equal(await page.locator('script').count(), scripts);
  await page.reload();
  await ready(page);
  await chosen(page, 'Trial ' + id);
  quiet(page);
});
