// The markup is valid HTML, before and after the scripts.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {HtmlValidate} from 'html-validate';
import {open} from './browser.js';
import {index, pages, report} from './files.js';
import {config, written} from './htmlvalidate.js';

// faults is what a validator says of a text, a line each.
async function faults(text, rules) {
  const {results} = await new HtmlValidate(rules).validateString(text);
  return results.flatMap(r => r.messages).map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`).slice(0, 10);
}

for (const file of [report, index, ...pages]) {
  test(file, async () => assert.deepEqual(await faults(readFileSync(file, 'utf8'), config), []));
}

test('the report at work, with two trials and a value', async () => {
  const page = await open(report);
  await page.getByLabel('measures').check();
  await page.getByRole('button', {name: 'pin, to compare'}).click();
  await page.getByRole('button', {name: 'next'}).click();
  await page.locator('figure .sheet').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('#compared').waitFor();
  const text = await page.evaluate(() => {
    for (const e of document.querySelectorAll('[style]')) e.removeAttribute('style'); // the tint of a cell, which depends on its count
    return document.documentElement.outerHTML;
  });
  assert.deepEqual(await faults('<!DOCTYPE html>' + text, written), []);
});
