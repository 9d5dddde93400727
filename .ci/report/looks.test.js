// Light, dark, narrow and on paper. The pictures are for eyes.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {look, made, records, report} from './files.js';

const background = (page, selector) => page.evaluate(s => getComputedStyle(document.querySelector(s)).backgroundColor, selector);
const white = 'rgb(255, 255, 255)';

test('light and dark', async () => {
  for (const [colorScheme, want] of [['light', white], ['dark', 'rgb(21, 22, 26)']]) {
    const page = await open(report, {colorScheme});
    assert.equal(await background(page, 'body'), want);
    assert.equal(await background(page, '.sheet'), white, 'figures are drawn on white');
    await page.screenshot({path: look(`report-${colorScheme}.png`), fullPage: true});
    quiet(page);
  }
});

test('narrow', async () => {
  const page = await open(report, {viewport: {width: 390, height: 800}});
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page itself does not scroll sideways');
  await page.screenshot({path: look('report-narrow.png'), fullPage: true});
});

test('on paper', async () => {
  const page = await open(report, {viewport: {width: 690, height: 1000}, colorScheme: 'dark'}); // A4 between its margins
  await page.emulateMedia({media: 'print', colorScheme: 'dark'});
  for (const hidden of ['nav', '.controls', '#more', '.help']) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  assert.equal(await background(page, 'body'), white);
  const wide = await page.evaluate(() => [...document.querySelectorAll('table, pre, figure svg')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 60)));
  assert.deepEqual(wide, [], 'nothing is cut');
  await page.emulateMedia({media: null});
  const pdf = await page.pdf({path: look('report.pdf'), preferCSSPageSize: true, printBackground: true});
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets >= 5 && sheets <= 40, sheets + ' sheets');
  assert.equal(await page.locator('#table tbody tr').count(), Math.min(records.length, 500));
});

test('paper says what it leaves out', async () => {
  const page = await open(made('many'));
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.match(await page.locator('#paper').textContent(), /^On this paper: 500 of 5,\d{3} trials\.$/);
});
