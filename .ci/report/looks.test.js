// Light, dark, narrow and on paper. The pictures are for eyes.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {look, records, report} from './files.js';

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

test('800 pixels and a phone', async () => {
  for (const width of [800, 390]) {
    const page = await open(report, {viewport: {width, height: 800}});
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page itself does not scroll sideways');
    const cut = await page.evaluate(() => [...document.querySelectorAll('.verdicts tbody :is(td, th), .sensitivity tbody :is(td, th)')]
      .filter(e => e.getBoundingClientRect().right > e.closest('.scroll').getBoundingClientRect().right + 1).map(e => e.textContent));
    assert.deepEqual(cut, [], 'no cell of a verdict is cut');
    assert.ok(await page.locator('.verdicts .why').last().isVisible());
    await page.screenshot({path: look(`report-${width}.png`), fullPage: true});
  }
});

test('between a table and a stack no verdict is cut', async () => {
  const page = await open(report);
  for (const width of [1080, 1090, 1100, 1120]) {
    await page.setViewportSize({width, height: 800});
    const over = await page.evaluate(() => [...document.querySelectorAll('.verdicts')].filter(e => e.scrollWidth > e.parentElement.clientWidth + 1).length);
    assert.equal(over, 0, width + ' pixels');
  }
});

test('on paper, without the records', async () => {
  const page = await open(report, {viewport: {width: 690, height: 1000}, colorScheme: 'dark', hash: '#trial=' + records[0].id}); // A4 between its margins
  await page.locator('figure .sheet').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.emulateMedia({media: 'print', colorScheme: 'dark'});
  for (const hidden of ['nav', '#browser', '#table', '#trial', '.tip', '.saves']) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  assert.ok(await page.getByText('The table of the records is on the page, not on paper.').isVisible());
  assert.equal(await background(page, 'body'), white);
  const wide = await page.evaluate(() => [...document.querySelectorAll('table, pre, figure svg')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 60)));
  assert.deepEqual(wide, [], 'nothing is cut');
  await page.emulateMedia({media: null});
  const pdf = await page.pdf({path: look('report.pdf'), preferCSSPageSize: true, printBackground: true});
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets >= 5 && sheets <= 16, sheets + ' sheets');
});
