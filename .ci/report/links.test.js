// The committed pages lead to nothing that is not there.

import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {open} from './browser.js';
import {committed, index, report} from './files.js';

for (const file of [...committed, index, report]) {
  test(file, async () => {
    const page = await open(file);
    const links = await page.evaluate(() => [...document.querySelectorAll('[href], [src]')].map(e => e.href?.baseVal ?? e.href ?? e.src));
    const dead = links.filter(link => {
      const url = new URL(link);
      return url.protocol !== 'file:' || !existsSync(fileURLToPath(url.href.split('#')[0]));
    });
    assert.deepEqual([...new Set(dead)], []);
    const nowhere = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href'))
      .filter(href => !href.includes('=') && !document.getElementById(href.slice(1))));
    assert.deepEqual(nowhere, []);
    assert.ok(links.length > 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}
