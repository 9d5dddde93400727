// The figures: their values under the pointer, by a tap and by the keys, and the pictures as files.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {open, quiet} from './browser.js';
import {points, report} from './files.js';

const sheetOf = (page, name) => page.locator(`[id="figure-${name}"] .sheet`);
const says = sheet => sheet.locator('.tip').evaluate(tip => [...tip.children].map(line => line.textContent).join('\n'));

// ringAt is where the value stands that is shown, in the window; null for one that goes across its panel.
const ringAt = sheet => sheet.evaluate(e => {
  const ring = e.querySelector('circle.ring'), box = ring.getBoundingClientRect();
  return ring.getAttribute('visibility') === 'visible' ? {x: box.x + box.width / 2, y: box.y + box.height / 2} : null;
});

// walked is what the arrow keys show of a figure, from its first value on.
async function walked(page, sheet) {
  await sheet.focus();
  await page.keyboard.press('Home');
  return sheet.evaluate(async e => {
    const out = [];
    for (let last = ''; ;) {
      const now = e.querySelector('.tip').innerText, ring = e.querySelector('circle.ring');
      const at = now + ring.getAttribute('cx') + ring.getAttribute('cy');
      if (at === last) return out;
      out.push(now);
      last = at;
      e.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));
    }
  });
}

test('every figure shows values', async () => {
  const page = await open(report);
  const sheets = page.locator('figure .sheet');
  assert.ok(await sheets.count() >= 5);
  for (let k = 0; k < await sheets.count(); k++) {
    await sheets.nth(k).focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await says(sheets.nth(k)), /\d/, `figure ${k + 1}`);
    await page.keyboard.press('Escape');
    assert.equal(await says(sheets.nth(k)), '');
  }
  quiet(page);
});

test('the values are the points of the figure', async () => {
  const page = await open(report);
  const sheet = sheetOf(page, 'error_vs_rho'), all = await walked(page, sheet);
  const rows = points('error_vs_rho').filter(r => r.m && r.error_percent && r.above_axis === 'false');
  assert.ok(rows.length >= 3);
  for (const r of rows) {
    const found = all.map(text => text.split('\n')).find(([name, x]) => name === 'm = ' + r.m && x === 'ρ: ' + Number(r.rho));
    assert.ok(found, `m = ${r.m}, ρ = ${r.rho}: not among ${all.slice(0, 3)}`);
    const [, y, low, high, n] = /^test error \(%\): (\S+)(?: \[(\S+), (\S+)\])?, n = (\d+)$/.exec(found[2]) ?? [];
    assert.ok(Math.abs(y - r.error_percent) <= 1e-4 * r.error_percent, found[2]);
    assert.equal(n, r.seeds);
    for (const [text, want] of [[low, r.low], [high, r.high]]) assert.ok(want ? Math.abs(text - want) <= 1e-3 * Math.abs(want) : !text, found[2]);
  }
});

test('a value stands where its axes have it', async () => {
  const page = await open(report);
  const sheet = sheetOf(page, 'error_vs_rho'), all = await walked(page, sheet);
  const k = all.findIndex(text => /^m = .*\nρ: 0\.05\n/.test(text));
  assert.ok(k >= 0);
  await page.keyboard.press('Home');
  for (let i = 0; i < k; i++) await page.keyboard.press('ArrowRight');
  const value = Number(/%\): ([\d.]+)/.exec(await says(sheet))[1]), at = await ringAt(sheet);
  const {x, ys} = await sheet.evaluate(e => {
    const texts = [...e.querySelectorAll('svg text')].map(t => ({text: t.textContent, box: t.getBoundingClientRect()}));
    const numbers = texts.filter(t => /^\d+(\.\d+)?$/.test(t.text)), right = Math.min(...numbers.map(t => t.box.right));
    const middle = box => [box.x + box.width / 2, box.y + box.height / 2];
    return {x: middle(texts.find(t => t.text === '.05').box)[0],
      ys: numbers.filter(t => t.box.right < right + 3).map(t => [Number(t.text), middle(t.box)[1]])};
  });
  assert.ok(Math.abs(at.x - x) < 3, `${at.x} over the tick at ${x}`);
  ys.sort((one, other) => one[0] - other[0]);
  const [a, top] = ys[0], [b, bottom] = ys[ys.length - 1], want = top + (bottom - top) * (value - a) / (b - a);
  assert.ok(b > a, 'two ticks');
  assert.ok(Math.abs(at.y - want) < 4, `${at.y} beside the ticks, which say ${want}`);
});

test('the pointer shows the value it is at, and nothing far from all', async () => {
  const page = await open(report);
  const sheet = sheetOf(page, 'error_vs_rho');
  await sheet.scrollIntoViewIfNeeded();
  await sheet.focus();
  const texts = new Set();
  for (let k = 0; k < 8; k++) {
    await page.keyboard.press('ArrowRight');
    const at = await ringAt(sheet), want = await says(sheet);
    if (!at) continue;
    await page.keyboard.press('Escape');
    await page.mouse.move(at.x + 1, at.y + 1);
    const box = await sheet.boundingBox(), tip = await sheet.locator('.tip').boundingBox();
    const found = await ringAt(sheet);
    assert.ok(Math.hypot(found.x - at.x, found.y - at.y) < 3, `${JSON.stringify(found)} for ${JSON.stringify(at)}`); // another may be as near
    assert.equal((await says(sheet)).split('\n')[1], want.split('\n')[1], 'of the same ρ');
    assert.ok(tip.x >= box.x && tip.x + tip.width <= box.x + box.width + 1, 'inside the sheet');
    texts.add(await says(sheet));
  }
  assert.ok(texts.size >= 3, [...texts].join('; '));
  const box = await sheet.boundingBox();
  await page.mouse.move(box.x + 3, box.y + 3);
  assert.equal(await says(sheet), '');
  quiet(page);
});

test('a tap shows a value, a tap elsewhere hides it', async () => {
  const page = await open(report, {viewport: {width: 390, height: 800}, hasTouch: true, isMobile: true});
  const sheet = sheetOf(page, 'error_vs_rho');
  await sheet.evaluate(e => e.scrollIntoView({block: 'center'}));
  await sheet.focus();
  for (let at = null; !at; at = await ringAt(sheet)) await page.keyboard.press('ArrowRight');
  const at = await ringAt(sheet);
  await page.keyboard.press('Escape');
  await page.touchscreen.tap(at.x + 4, at.y + 4);
  assert.match(await says(sheet), /\d/);
  const tip = await sheet.locator('.tip').boundingBox();
  assert.ok(tip.x >= 0 && tip.x + tip.width <= 391, 'on the screen');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page does not scroll sideways');
  await page.touchscreen.tap(5, 5);
  assert.equal(await says(sheet), '');
});

test('a picture is saved from the page itself', async () => {
  const page = await open(report, {acceptDownloads: true});
  const file = async as => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`[id="figure-error_vs_rho"] button[data-as=${as}]`).click()]);
    assert.equal(download.suggestedFilename(), 'error_vs_rho.' + as);
    return readFileSync(await download.path());
  };
  const svg = (await file('svg')).toString(), png = await file('png');
  const spots = await page.evaluate(text => {
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {root: read.documentElement.localName, titles: [...read.querySelectorAll('circle > title')].map(t => t.textContent), marks: read.querySelectorAll('.ring').length};
  }, svg);
  assert.equal(spots.root, 'svg');
  assert.ok(spots.titles.length >= 3 && spots.titles.every(t => /\d/.test(t)), 'each value is a title');
  assert.equal(spots.marks, 0);
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  const box = await page.locator('[id="figure-error_vs_rho"] .sheet > svg').evaluate(e => [e.getAttribute('width'), e.getAttribute('height')].map(Number));
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], box.map(v => 2 * v));
  const ink = await page.evaluate(async bytes => {
    const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height}), c = canvas.getContext('2d');
    c.drawImage(image, 0, 0);
    const {data} = c.getImageData(0, 0, image.width, image.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, [...png]);
  assert.ok(ink > 50, `a picture of ${ink} colours`);
  page.requests = page.requests.filter(url => !url.startsWith('blob:')); // the page's own
  quiet(page);
});
