// A page of 5,000 trials.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {made} from './files.js';
import {count} from './records.js';

// opened is the milliseconds until a page is drawn and its table works.
const opened = page => page.evaluate(() => Math.max(
  performance.getEntriesByName('ready')[0].startTime, performance.getEntriesByType('navigation')[0].loadEventEnd));

// opens is the median of three openings of a page, and how many trials it has.
const opens = async name => {
  const times = [];
  let n = 0;
  for (let k = 0; k < 3; k++) {
    const page = await open(made(name));
    times.push(await opened(page));
    n = Number((await count(page)).replace(/\D/g, ''));
    quiet(page);
    await page.context().close();
  }
  console.log(`# ${n} trials opened in ` + times.map(t => t.toFixed(0) + ' ms').join(', '));
  return {n, time: times.sort((a, b) => a - b)[1]};
};

test('5,000 trials open in no more time each than a sweep of the usual size', async () => {
  const usual = await opens('whole'), many = await opens('many');
  assert.ok(many.n >= 5000 && usual.n >= 100, `${many.n} and ${usual.n} trials`);
  assert.ok(many.time / many.n < usual.time / usual.n, `${many.time} ms and ${usual.time} ms`);
});

test('5,000 trials are sorted and filtered, and few of them are drawn', async () => {
  const page = await open(made('many'));
  await page.locator('#table thead button').nth(4).click();
  await page.getByLabel('Filter').fill('rho=0.05 m=16');
  const rows = await page.locator('#table tbody tr').count(), found = Number((await count(page)).split(' ')[0].replace(/\D/g, ''));
  assert.ok(found > 100 && rows === 100, `${rows} of ${found} are drawn`);
  quiet(page);
});
