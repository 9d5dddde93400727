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

test('5,000 trials are sorted and filtered at once', async () => {
  const page = await open(made('many'));
  const took = await page.evaluate(() => {
    const began = performance.now();
    document.querySelectorAll('#table thead button')[4].click();
    const text = document.getElementById('text');
    text.value = '0.05 16';
    text.dispatchEvent(new Event('input'));
    document.getElementById('box').getBoundingClientRect();
    return performance.now() - began;
  });
  console.log(`# sorted and filtered in ${took.toFixed(0)} ms`);
  assert.ok(took < 1000, took + ' ms');
  quiet(page);
});
