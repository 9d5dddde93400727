// A page in real Chromium, and all that it says and asks for. Every test file has a browser of its own.

import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let browser;
before(async () => {
  browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags, timeout: 120000});
});
after(() => browser.close());

// open opens a file in a user folder of its own, and returns once the page's script has run (ends: false for one that does not get
// so far). Without: the name of something that the browser is to lack; hash: the end of the address. What the page logs, throws, asks
// for or pops up is kept in page.faults and page.requests.
export async function open(file, {hash = '', without = '', ends = true, ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, colorScheme: 'light', ...options});
  const page = await context.newPage();
  Object.assign(page, {faults: [], requests: []});
  page.on('console', message => page.faults.push(message.type() + ': ' + message.text()));
  page.on('pageerror', error => page.faults.push('error: ' + error.message));
  page.on('dialog', dialog => { page.faults.push('dialog: ' + dialog.message()); dialog.dismiss(); });
  page.on('request', request => page.requests.push(request.url().split('#')[0]));
  page.address = pathToFileURL(file).href;
  if (without) await page.addInitScript(name => delete globalThis[name], without);
  await page.goto(page.address + hash);
  if (ends && options.javaScriptEnabled !== false) await ready(page);
  return page;
}

// ready waits until the page's script has run, if it has one.
export const ready = page => page.waitForFunction(() =>
  !document.querySelector('script[type=module]') || performance.getEntriesByName('ready').length > 0, null, {timeout: 20000});

// quiet says that a page asked for nothing but itself and had nothing to say.
export function quiet(page) {
  assert.deepEqual(page.faults, []);
  assert.deepEqual([...new Set(page.requests)], [page.address]);
}
