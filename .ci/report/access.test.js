// Contrast, and that nothing moves once it is seen.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open} from './browser.js';
import {index, made, records, report} from './files.js';

// faint is the texts of a page that stand out less than 4.5 to 1 from what is behind them (3 to 1 where they are large), as WCAG 2 has it,
// each with its contrast. The drawings of the figures are left out: they are pictures on white.
const faint = page => page.evaluate(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map(k => top[k] * top[3] + below[k] * (1 - top[3]));
  const behind = e => {
    const color = e ? rgba(getComputedStyle(e).backgroundColor) : [255, 255, 255, 1];
    return color[3] === 1 || !e ? color.slice(0, 3) : over(color, behind(e.parentElement));
  };
  const light = c => c.map(v => (v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4)).reduce((s, v, k) => s + v * [.2126, .7152, .0722][k], 0);
  const out = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let n = 0;
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || e.closest('.sheet svg, script, button:disabled') || !e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})) continue;
    const style = getComputedStyle(e), back = behind(e), drawn = e.closest('svg');
    let color = rgba(drawn ? style.fill : style.color);
    for (let up = e; up; up = up.parentElement) color[3] *= getComputedStyle(up).opacity;
    const [a, b] = [light(over(color, back)), light(back)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    n++;
    const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
    if (ratio < (large ? 3 : 4.5)) out.add(`${ratio.toFixed(2)} ${e.localName}.${e.className}: ${walk.currentNode.textContent.trim().slice(0, 20)}`);
  }
  return {n, faint: [...out]};
});

for (const colorScheme of ['light', 'dark']) {
  test('contrast, ' + colorScheme, async () => {
    const page = await open(report, {colorScheme, hash: `#trial=${records[3].id}&with=${records[records.length - 1].id}`});
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.locator('figure .sheet').first().focus();
    await page.keyboard.press('ArrowRight');
    const {n, faint: texts} = await faint(page);
    assert.ok(n > 300, n + ' texts');
    assert.deepEqual(texts, []);
    const lines = await page.evaluate(() => ['clean', 'perturbed', 'val', 'other'].map(name => getComputedStyle(document.documentElement).getPropertyValue('--' + name)));
    assert.equal(new Set(lines).size, 4, 'four colours of lines');
    const contents = await open(index, {colorScheme});
    assert.deepEqual((await faint(contents)).faint, []);
  });
}

// moved is the layout shifts of a page since it began to load, as browsers score them.
const moved = page => page.evaluate(() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().map(e => e.value))).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done([]), 300);
}));

test('nothing moves', async () => {
  for (const file of [report, made('whole'), made('watched')]) {
    for (const width of [1280, 390]) {
      const page = await open(file, {viewport: {width, height: 900}});
      assert.deepEqual(await moved(page), [], 'while it loads');
      await page.locator('figure').first().scrollIntoViewIfNeeded();
      const top = () => page.locator('figure').nth(1).evaluate(e => e.getBoundingClientRect().top + scrollY);
      const before = await top();
      await page.locator('figure .sheet').first().focus();
      await page.keyboard.press('ArrowRight');
      assert.equal(await top(), before, 'a value covers, and pushes nothing');
      await page.context().close();
    }
  }
});
