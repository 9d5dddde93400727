// A page in real Chromium, and all that it says and asks for.

import {chromium} from 'playwright-core';
import {pathToFileURL} from 'node:url';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// start opens a browser on a user folder of its own.
export const start = () => chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags});

// open opens a file. What the page logs, throws, asks for or pops up is kept in page.faults and page.requests.
export async function open(browser, file, options = {}) {
  const {hash = '', ...rest} = options;
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, colorScheme: 'light', ...rest});
  const page = await context.newPage();
  Object.assign(page, {faults: [], requests: []});
  page.on('console', message => page.faults.push(message.type() + ': ' + message.text()));
  page.on('pageerror', error => page.faults.push('error: ' + error.message));
  page.on('dialog', dialog => { page.faults.push('dialog: ' + dialog.message()); dialog.dismiss(); });
  page.on('request', request => page.requests.push(request.url().split('#')[0]));
  page.address = pathToFileURL(file).href;
  await page.goto(page.address + hash);
  return page;
}

// csv reads a table without line breaks in its cells.
export function csv(text) {
  const plain = cell => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
  const cells = line => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(m => plain(m[1]));
  const [head, ...rows] = text.trim().split('\n');
  const names = cells(head);
  return rows.map(line => Object.fromEntries(cells(line).slice(0, names.length).map((cell, k) => [names[k], cell])));
}
