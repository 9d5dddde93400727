// The report page as a user meets it: sorted, filtered, read by keyboard, on paper, in the dark, with hostile text, with 5,000 trials.
//
//   PAGES=DIR   what go test ./plots -run TestPages -pages DIR wrote
//   SWEEP=DIR   an output folder of msweep
//   INDEX=FILE  an index.html over such folders
//   LOOK=DIR    where screenshots and a PDF go

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {HtmlValidate} from 'html-validate';
import {csv, open, start} from './browser.js';

const {PAGES, SWEEP, INDEX, LOOK} = process.env;
const report = join(SWEEP, 'report.html');
const records = csv(readFileSync(join(SWEEP, 'records.csv'), 'utf8'));
const pages = ['whole', 'hostile', 'empty', 'one', 'diverged', 'many'].map(name => join(PAGES, name + '.html'));

let browser;
before(async () => { browser = await start(); });
after(() => browser.close());

// quiet says that a page asked for nothing but itself and had nothing to say.
function quiet(page) {
  assert.deepEqual(page.faults, []);
  assert.deepEqual([...new Set(page.requests)], [page.address]);
}

const header = (page, name) => page.locator('#table thead th', {has: page.getByText(name, {exact: true})});
const shown = (page, name) => page.evaluate(wanted => {
  const k = [...document.querySelectorAll('#table thead th')].findIndex(th => th.textContent.replace(/[▲▼]/, '') === wanted);
  return [...document.querySelectorAll('#table tbody tr')].map(tr => tr.cells[k].textContent);
}, name);
const allRows = page => page.evaluate(() => { for (const more = document.getElementById('more'); !more.hidden;) more.click(); });
const ids = page => shown(page, 'id').then(list => list.sort());

test('what stands on the page', async () => {
  const page = await open(browser, report);
  const heads = await page.locator('h2').allTextContents();
  assert.deepEqual(heads.filter(h => h !== 'Mind'), ['Verdicts', 'Finding', 'Figures', 'Best ρ for each m', 'Records', 'Provenance']);
  const verdicts = JSON.parse(readFileSync(join(SWEEP, 'verdicts.json'), 'utf8'));
  assert.equal(await page.locator('.verdicts tbody tr').count(), verdicts.length);
  for (const v of verdicts) {
    const row = page.locator('.verdicts tbody tr', {has: page.getByText(v.claim, {exact: true})});
    const text = await row.textContent();
    for (const part of [v.text, v.verdict, v.why]) assert.ok(text.includes(part), `${v.claim}: no ${part}`);
  }
  assert.ok(await page.locator('figure svg').count() >= 5);
  assert.equal(await page.locator('#count').textContent(), records.length + ' trials');
  quiet(page);
});

test('a click on a column sorts, both ways', async () => {
  const page = await open(browser, report);
  for (const name of ['test_error', 'optimizer.m', 'id']) {
    for (const direction of ['ascending', 'descending']) {
      await header(page, name).getByRole('button').click();
      assert.equal(await header(page, name).getAttribute('aria-sort'), direction);
      assert.equal(await page.locator('[aria-sort]').count(), 1);
      await allRows(page);
      const cells = await shown(page, name);
      assert.equal(cells.length, records.length);
      const some = cells.filter(c => c !== '–').map(c => name === 'id' ? c : Number(c));
      const want = some.toSorted((a, b) => (a > b) - (a < b));
      assert.deepEqual(some, direction === 'ascending' ? want : want.reverse());
      assert.ok(cells.slice(some.length).every(c => c === '–'), 'what is missing stands last');
    }
  }
  await page.getByLabel('measures').check();
  const every = await page.evaluate(() => {
    const n = document.querySelectorAll('#table thead button').length, sorted = [];
    for (let k = 0; k < n; k++) {
      document.querySelectorAll('#table thead button')[k].click();
      sorted.push(document.querySelectorAll('#table thead th')[k].getAttribute('aria-sort'));
    }
    return sorted;
  });
  assert.ok(every.length > 40 && every.every(sorted => sorted), 'every column sorts');
  quiet(page);
});

test('a filter filters, and the count agrees', async () => {
  const page = await open(browser, report);
  const agree = async keep => {
    const want = records.filter(keep);
    assert.ok(want.length > 0 && want.length < records.length, 'the filter tells trials apart');
    assert.equal(await page.locator('#count').textContent(), `${want.length} of ${records.length} trials`);
    await allRows(page);
    assert.deepEqual(await ids(page), want.map(r => r.id).sort());
  };
  await page.getByLabel('optimizer.m', {exact: true}).selectOption('16');
  await agree(r => r['optimizer.m'] === '16');
  await page.getByLabel('optimizer.rho').selectOption('0.1');
  await agree(r => r['optimizer.m'] === '16' && r['optimizer.rho'] === '0.1');
  await page.getByRole('button', {name: 'Show all'}).click();
  assert.equal(await page.locator('#count').textContent(), records.length + ' trials');
  await page.getByLabel('optimizer.m', {exact: true}).selectOption('–');
  await agree(r => r['optimizer.m'] === '');
  await page.getByRole('button', {name: 'Show all'}).click();
  await page.getByLabel('Filter').fill(records[5].id.slice(2, 12).toUpperCase());
  await agree(r => r.id === records[5].id);
  await page.getByLabel('Filter').fill('no such trial');
  assert.equal(await page.locator('#count').textContent(), `0 of ${records.length} trials`);
  quiet(page);
});

// shows wants the panel to be about a record.
async function shows(page, record) {
  assert.equal(await page.locator('#trial-name code').textContent(), record.id);
  assert.equal(await page.locator('.chart .line.clean').count(), 2, 'the curve and its legend');
  assert.equal(await page.locator('.chart .line.perturbed').count(), Number(record['optimizer.rho']) > 0 ? 2 : 0);
  assert.equal(await page.locator('.chart .line.val').count(), 2);
  const drawn = await page.locator('.chart svg .line.clean').nth(1).getAttribute('d');
  assert.equal(drawn.split('L').length, Number(record.epochs_run), 'a point an epoch');
  const counts = await page.locator('.confusion tbody tr').evaluateAll(rows =>
    rows.map(tr => [...tr.cells].slice(1, -1).map(td => Number(td.textContent))));
  const all = counts.flat().reduce((a, b) => a + b), right = counts.reduce((sum, row, k) => sum + row[k], 0);
  assert.ok(Math.abs((all - right) / all - Number(record.test_error)) < 1e-9, 'the counts give the test error');
}

test('a click on a row shows its trial', async () => {
  const page = await open(browser, report);
  const row = page.locator('#table tbody tr').nth(7);
  await row.locator('td').nth(3).click();
  const id = await row.locator('a').textContent();
  const record = records.find(r => r.id === id);
  await shows(page, record);
  assert.equal(new URL(page.url()).hash, '#trial=' + id);
  assert.equal(await row.getAttribute('aria-current'), 'true');
  assert.equal(await page.locator('[aria-current]').count(), 1);
  await page.getByText('The numbers of these curves').click();
  assert.equal(await page.locator('#trial details table tbody tr').first().locator('th').textContent(), '1');
  await page.locator('.chart svg[role=img]').first().hover({position: {x: 200, y: 80}});
  assert.match(await page.locator('.read').first().textContent(), /^epoch \d+: clean [\d.e-]+/);
  await page.goBack();
  assert.equal(new URL(page.url()).hash, '');
  quiet(page);

  const other = records.at(-1);
  const linked = await open(browser, report, {hash: '#trial=' + other.id});
  await shows(linked, other);
  await linked.goto(page.address + '#trial=nosuch');
  assert.equal(await linked.locator('#trial-name').textContent(), 'No trial nosuch');
  quiet(linked);
});

test('the keyboard alone reaches all of it, and the focus is seen', async () => {
  const page = await open(browser, report);
  const seen = () => page.evaluate(() => {
    const at = document.activeElement, style = getComputedStyle(at);
    return at.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
  const tabTo = async (what, key = 'Tab') => {
    for (let k = 0; k < 120; k++) {
      await page.keyboard.press(key);
      assert.ok(await seen(), 'focus is seen at ' + await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80)));
      if (await page.evaluate(selector => document.activeElement.matches(selector), what)) return;
    }
    assert.fail('Tab never reaches ' + what);
  };
  await tabTo('nav a[href="#records"]');
  await page.keyboard.press('Enter');
  await tabTo('#text');
  await page.keyboard.type('done');
  await tabTo('#choices select');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const least = records.map(r => r['optimizer.m']).filter(Boolean).sort((a, b) => a - b)[0]; // the choice after "all" and "none"
  const first = records.filter(r => r['optimizer.m'] === least);
  assert.equal(await page.locator('#count').textContent(), `${first.length} of ${records.length} trials`);
  await tabTo('#groups input');
  await tabTo('#table thead th:nth-child(4) button');
  await page.keyboard.press('Enter');
  assert.equal(await header(page, 'optimizer.rho').getAttribute('aria-sort'), 'ascending');
  assert.ok(await page.evaluate(() => document.activeElement.matches('#table thead th:nth-child(4) button')), 'the focus stays');
  await page.keyboard.press('Space');
  assert.equal(await header(page, 'optimizer.rho').getAttribute('aria-sort'), 'descending');
  await tabTo('#table tbody a');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const id = await page.evaluate(() => document.activeElement.textContent);
  assert.equal(id, (await shown(page, 'id'))[1]);
  await page.keyboard.press('Enter');
  await shows(page, records.find(r => r.id === id));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'trial-name');
  await tabTo('#trial .back');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), id);
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), (await shown(page, 'id')).at(-1));
  await tabTo('#trial .back');
  await tabTo('.paper summary');
  quiet(page);
});

test('hostile text does no harm', async () => {
  const page = await open(browser, join(PAGES, 'hostile.html'));
  const links = page.locator('#table tbody a');
  const id = await links.nth(3).textContent();
  assert.ok(id.includes(`<script>alert(1)</script><!-- ]]> & \u2028\u2029 </title>`));
  await links.nth(3).click();
  assert.equal(await page.locator('#trial-name code').textContent(), id);
  await page.getByText('Everything recorded of this trial').click();
  await page.getByLabel('where and how fast').check();
  await page.getByLabel('settings that do not vary').check();
  await page.getByLabel('measures').check();
  await page.getByLabel('Filter').fill('<script>alert(1)</script>');
  assert.equal(await page.locator('#count').textContent(), '27 trials');
  assert.equal(await page.locator('script').count(), 3);
  await page.reload();
  assert.equal(await page.locator('#trial-name code').textContent(), id);
  quiet(page);
});

test('5,000 trials open within two seconds', async () => {
  const times = [];
  for (let k = 0; k < 3; k++) {
    const page = await open(browser, join(PAGES, 'many.html'));
    times.push(await page.evaluate(() => Math.max(
      performance.getEntriesByName('ready')[0].startTime, performance.getEntriesByType('navigation')[0].loadEventEnd)));
    if (k === 0) {
      const n = Number((await page.locator('#count').textContent()).replace(/\D/g, ''));
      assert.ok(n >= 5000, n + ' trials');
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
      quiet(page);
    }
    await page.context().close();
  }
  console.log('# opened in ' + times.map(t => t.toFixed(0) + ' ms').join(', '));
  assert.ok(times.sort((a, b) => a - b)[1] < 2000, 'the median of three');
});

test('every page opens quietly', async () => {
  for (const file of pages) quiet(await open(browser, file));
  const page = await open(browser, report, {javaScriptEnabled: false});
  assert.ok(await page.getByText('The table of records is made by a script').isVisible());
  quiet(page);
});

test('light, dark, narrow', async () => {
  const paper = page => page.evaluate(() => ['body', '.sheet'].map(e => getComputedStyle(document.querySelector(e)).backgroundColor));
  for (const [scheme, want] of [['light', 'rgb(255, 255, 255)'], ['dark', 'rgb(21, 22, 26)']]) {
    const page = await open(browser, report, {colorScheme: scheme});
    assert.deepEqual(await paper(page), [want, 'rgb(255, 255, 255)']);
    await page.screenshot({path: join(LOOK, `report-${scheme}.png`), fullPage: true});
    quiet(page);
  }
  const page = await open(browser, report, {viewport: {width: 390, height: 800}});
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page itself does not scroll sideways');
  await page.screenshot({path: join(LOOK, 'report-narrow.png'), fullPage: true});
});

test('on paper', async () => {
  const page = await open(browser, report, {viewport: {width: 690, height: 1000}, colorScheme: 'dark'}); // A4 between its margins
  await page.emulateMedia({media: 'print', colorScheme: 'dark'});
  for (const hidden of ['nav', '.controls', '#more', '.help']) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  const wide = await page.evaluate(() => [...document.querySelectorAll('table, pre, figure svg')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 60)));
  assert.deepEqual(wide, [], 'nothing is cut');
  await page.emulateMedia({media: null});
  const pdf = await page.pdf({path: join(LOOK, 'report.pdf'), preferCSSPageSize: true, printBackground: true});
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets >= 5 && sheets <= 40, sheets + ' pages');
  assert.equal(await page.locator('#table tbody tr').count(), Math.min(records.length, 500));
  const many = await open(browser, join(PAGES, 'many.html'));
  await many.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.match(await many.locator('#paper').textContent(), /^On this paper: 500 of 5,\d{3} trials\.$/);
});

test('the markup is valid, before and after the scripts', async () => {
  const check = async (name, text, rules = {}) => {
    const result = await new HtmlValidate({root: true, extends: ['html-validate:recommended'], rules}).validateString(text);
    const faults = result.results.flatMap(r => r.messages).map(m => `${name}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
    assert.deepEqual(faults.slice(0, 10), []);
  };
  for (const file of [report, INDEX, ...pages.filter(f => !f.endsWith('many.html'))]) await check(file, readFileSync(file, 'utf8'));
  const page = await open(browser, report);
  await page.getByLabel('measures').check();
  await check('the page at work', '<!DOCTYPE html>' + await page.evaluate(() => {
    for (const e of document.querySelectorAll('[style]')) e.removeAttribute('style'); // a cell's tint
    return document.documentElement.outerHTML;
  }), {'attribute-boolean-style': 'off', 'attribute-empty-style': 'off'}); // which a browser writes as hidden=""
});

test('the index leads to the reports', async () => {
  const page = await open(browser, INDEX);
  assert.deepEqual(page.faults, []);
  const folder = page.address.slice(0, page.address.lastIndexOf('/') + 1);
  assert.ok(page.requests.every(url => url.startsWith(folder)), page.requests.join('\n'));
  const broken = await page.locator('img').evaluateAll(images => images.filter(i => i.complete && !i.naturalWidth).map(i => i.src));
  assert.deepEqual(broken, []);
  await page.screenshot({path: join(LOOK, 'index.png'), fullPage: true});
  await page.locator('article a').first().click();
  assert.ok(await page.locator('.verdicts').isVisible());
});
