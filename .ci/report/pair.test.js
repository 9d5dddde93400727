// Two trials side by side, walking through the trials, and the view in the address.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {open, quiet, ready} from './browser.js';
import {made, parsed, records, report} from './files.js';
import {chosen, count, header, shown, shows} from './records.js';

const number = text => Number(text);

test('a pinned trial stands beside the chosen one', async () => {
  const page = await open(report);
  const done = records.filter(r => r.status === 'done' && Number(r['optimizer.rho']) > 0);
  const [a, b] = [done[0], done[done.length - 1]];
  await page.goto(page.address + '#trial=' + a.id);
  await chosen(page, 'Trial ' + a.id);
  await page.getByRole('button', {name: 'pin, to compare'}).click();
  await page.locator('#pinned', {hasText: a.id}).waitFor();
  await page.getByLabel('Filter').fill(b.id);
  await page.locator('#table tbody a').first().click();
  await chosen(page, 'Trial ' + b.id);
  assert.equal(await page.locator('.line.other').count(), 6, 'clean, perturbed and validation of the pinned trial, each with its legend');
  const rows = await page.locator('#compared tbody tr').evaluateAll(all => all.map(tr => [...tr.cells].map(c => c.textContent)));
  const row = name => rows.find(r => r[0] === name);
  for (const key of ['optimizer.m', 'optimizer.rho', 'seed']) {
    assert.deepEqual(row(key)?.slice(1, 3), a[key] === b[key] ? undefined : [b[key], a[key]], key);
  }
  assert.equal(row('lr'), undefined, 'what is the same is not listed');
  const error = row('test_error');
  assert.ok(Math.abs(number(error[1]) - b.test_error) < 1e-4 && Math.abs(number(error[2]) - a.test_error) < 1e-4);
  assert.ok(Math.abs(number(error[3]) - (b.test_error - a.test_error)) < 1e-4);
  assert.equal(await page.locator('.confusion').count(), 2);
  await page.reload();
  await ready(page);
  await chosen(page, 'Trial ' + b.id);
  assert.equal(await page.locator('#pinned code').textContent(), a.id);
  assert.equal(await count(page), `1 of ${records.length} trials`);
  await page.getByRole('button', {name: 'unpin'}).click();
  await page.locator('#pinned').waitFor({state: 'detached'});
  assert.equal(await page.locator('.line.other').count(), 0);
  quiet(page);
});

test('n and p walk through the rows of the table, c pins', async () => {
  const page = await open(report);
  await header(page, 'test_error').getByRole('button').click();
  const order = await shown(page, 'id');
  await page.locator('#table tbody a').first().click();
  await chosen(page, 'Trial ' + order[0]);
  await page.keyboard.press('p');
  await page.keyboard.press('n');
  await chosen(page, 'Trial ' + order[1]);
  await page.keyboard.press('c');
  await page.locator('#pinned', {hasText: order[1]}).waitFor();
  await page.keyboard.press('n');
  await chosen(page, 'Trial ' + order[2]);
  assert.equal(await page.locator('#table tbody tr[aria-current]').locator('a').textContent(), order[2]);
  await page.keyboard.press('p');
  await page.keyboard.press('p');
  await shows(page, records.find(r => r.id === order[0]));
  await page.getByRole('button', {name: 'next'}).press('Enter');
  await chosen(page, 'Trial ' + order[1]);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'trial-n', 'the focus stays');
  await page.getByLabel('Filter').fill('');
  await page.getByLabel('Filter').press('n');
  assert.equal(await page.getByLabel('Filter').inputValue(), 'n', 'in a text it is a letter');
  quiet(page);
});

test('the address holds the view', async () => {
  const page = await open(report);
  await page.getByLabel('Filter').fill('rho=0.05 done');
  await page.getByLabel('optimizer.m', {exact: true}).selectOption('16');
  await header(page, 'test_error').getByRole('button').click();
  await header(page, 'test_error').getByRole('button').click();
  await page.getByLabel('measures').check();
  await page.locator('#table tbody a').nth(0).click();
  const look = async () => ({
    count: await count(page), ids: await shown(page, 'id'), sort: await header(page, 'test_error').getAttribute('aria-sort'),
    text: await page.getByLabel('Filter').inputValue(), m: await page.getByLabel('optimizer.m', {exact: true}).locator('option:checked').textContent(),
    heads: await page.locator('#table thead th').count(), trial: await page.locator('#trial-name').textContent(),
  });
  await chosen(page, 'Trial ' + (await shown(page, 'id'))[0]);
  const before = await look();
  assert.equal(before.sort, 'descending');
  const address = page.url(), other = await open(report, {hash: new URL(address).hash});
  await page.reload();
  await ready(page);
  assert.deepEqual(await look(), before);
  assert.equal(await count(other), before.count, 'another window');
  assert.equal(page.url(), address);
  await page.getByRole('button', {name: 'Show all'}).click();
  await page.waitForFunction(() => !location.hash.includes('filter'));
  assert.equal(await count(page), records.length + ' trials');
  await page.goBack();
  await page.waitForFunction(() => document.getElementById('text').value === 'rho=0.05 done');
  quiet(page);
});

test('an address that nobody wrote does no harm', async () => {
  const page = await open(report, {hash: '#sort=nosuch&columns=x,measure&optimizer.m=77&filter=%zz%22&with=nosuch&=&a=b'});
  assert.match(await count(page), /^0 of/);
  assert.equal(await page.locator('#pinned').count(), 0);
  quiet(page);
});

test('the rows are saved as CSV, as they are filtered and sorted', async () => {
  const page = await open(report);
  const file = async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
    return {name: download.suggestedFilename(), rows: parsed(readFileSync(await download.path(), 'utf8'))};
  };
  const all = await file();
  assert.equal(all.name, 'records.csv');
  assert.deepEqual(all.rows.map(r => r.id).sort(), records.map(r => r.id).sort());
  for (const r of all.rows) {
    const want = records.find(o => o.id === r.id);
    for (const name of ['optimizer.m', 'optimizer.rho', 'seed', 'status']) assert.equal(r[name], want[name], name);
    assert.ok(Math.abs(r.test_error - want.test_error) <= 1e-4 * want.test_error);
  }
  await page.getByLabel('Filter').fill('rho=0.05');
  await header(page, 'test_error').getByRole('button').click();
  const some = await file();
  assert.deepEqual(some.rows.map(r => r.id), await shown(page, 'id'));
  assert.equal(some.name, `records-${some.rows.length}.csv`);
  page.requests = page.requests.filter(url => !url.startsWith('blob:'));
  quiet(page);
});

test('hostile text survives a CSV', async () => {
  const page = await open(made('hostile'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
  const text = readFileSync(await download.path(), 'utf8');
  assert.ok(text.includes(`""'><script>alert(1)</script>`));
  assert.equal(parsed(text).length, 27);
});

test('watched values are drawn', async () => {
  const page = await open(made('watched'));
  const chart = page.locator('.chart', {hasText: 'Watched: hessian_max'});
  assert.equal(await chart.locator('svg .line').last().evaluate(e => e.getAttribute('d').split('L').length), 12, 'a point a look');
  await chart.locator('svg[role=img]').hover({position: {x: 440, y: 60}});
  assert.match(await chart.locator('.read').textContent(), /^step \d+: hessian_max \d+$/);
  await page.getByText('The numbers of these curves').click();
  assert.equal(await page.locator('#trial details table', {hasText: 'hessian_max'}).first().locator('tbody tr').last().textContent(), '44124');
  quiet(page);
});
