// The table of records and the chosen trial, as they stand on a page.

import assert from 'node:assert/strict';

export const header = (page, name) => page.locator('#table thead th', {has: page.getByText(name, {exact: true})});

// shown is the cells of a column, of the rows that are drawn.
export const shown = (page, name) => page.evaluate(wanted => {
  const k = [...document.querySelectorAll('#table thead th')].findIndex(th => th.textContent.replace(/[▲▼]/, '') === wanted);
  return [...document.querySelectorAll('#table tbody tr')].map(tr => tr.cells[k].textContent);
}, name);

export const allRows = page => page.evaluate(() => { for (const more = document.getElementById('more'); !more.hidden;) more.click(); });
export const count = page => page.locator('#count').textContent();

// chosen waits until the panel below the table has a name.
export const chosen = (page, name) => page.waitForFunction(
  wanted => document.getElementById('trial-name').textContent === wanted, name);

// shows wants the panel to be about a record; what may be pinned beside it is left aside.
export async function shows(page, record) {
  await chosen(page, 'Trial ' + record.id);
  assert.equal(await page.locator('.chart .line.clean:not(.other)').count(), 2, 'the curve and its legend');
  assert.equal(await page.locator('.chart .line.perturbed:not(.other)').count(), Number(record['optimizer.rho']) > 0 ? 2 : 0);
  assert.equal(await page.locator('.chart .line.val:not(.other)').count(), 2);
  const drawn = await page.locator('.chart svg .line.clean:not(.other)').nth(1).getAttribute('d');
  assert.equal(drawn.split('L').length, Number(record.epochs_run), 'a point an epoch');
  const counts = await page.locator('.confusion').first().locator('tbody tr').evaluateAll(rows =>
    rows.map(tr => [...tr.cells].slice(1, -1).map(td => Number(td.textContent))));
  const all = counts.flat().reduce((a, b) => a + b), right = counts.reduce((sum, row, k) => sum + row[k], 0);
  assert.ok(Math.abs((all - right) / all - Number(record.test_error)) < 1e-9, 'the counts give the test error');
}
