
// The chosen trial: its curves, its confusion matrix, and everything measured of it. The address says which: #trial=ID.

const setting = (name, i) => shown(columns.find(c => c.name === name)?.cells[i]);
const percent = v => (100 * v).toFixed(2) + ' %';

function showTrial(i, byHand) {
  [...tbody.rows].forEach(tr => (tr.index === i ? tr.setAttribute('aria-current', 'true') : tr.removeAttribute('aria-current')));
  state.trial = i;
  const name = el('h3', {id: 'trial-name', tabindex: '-1'}, 'Trial ', el('code', {}, shown(ids[i])));
  const told = el('p', {class: 'told'}, setting('status', i));
  for (const column of swept) told.append(', ' + column.name + ' ', el('b', {}, shown(column.cells[i])));
  const back = el('a', {class: 'back', href: '#records'}, 'back to the table');
  back.addEventListener('click', event => {
    event.preventDefault();
    const tr = [...tbody.rows].find(row => row.index === i);
    if (tr) stop([...tbody.rows].indexOf(tr));
    (links()[state.here] ?? byID('text')).focus();
  });
  told.append('. ', back);
  byID('trial').replaceChildren(name, told, ...curves(trials.curves[i]), ...confusion(trials.confusion[i], trials.classes?.[trials.named?.[i] ?? 0]), everything(i));
  if (byHand) {
    name.focus({preventScroll: true});
    byID('trial').scrollIntoView({block: 'nearest'});
  }
}

function noTrial(id) {
  const name = el('h3', {id: 'trial-name', tabindex: '-1'}, 'No trial ', el('code', {}, id));
  byID('trial').replaceChildren(name, el('p', {}, 'These records have none of that id.'));
}

function curves(c) {
  if (!c) return [el('p', {}, 'No epoch of this trial was recorded, so there is no curve.')];
  const epochs = c.epoch ?? c.clean.map((_, i) => i + 1);
  const loss = [{name: 'clean', css: 'clean', y: c.clean}];
  if (c.perturbed) loss.push({name: 'perturbed', css: 'perturbed', y: c.perturbed});
  const out = [chart('Train loss' + (c.perturbed ? '' : ' (no ascent, so nothing is perturbed)'), epochs, loss, v => v, true)];
  if (c.val) {
    const y = c.val.map(v => (v === null ? null : 100 * v));
    out.push(chart('Validation error (%)', epochs, [{name: 'validation', css: 'val', y}], v => +v.toFixed(3), false));
  }
  const all = [...loss, ...(c.val ? [{name: 'validation error', y: c.val}] : [])];
  const points = epochs.map((e, k) => row(String(e), ...all.map(s => shown(s.y[k]))));
  const table = el('table', {class: 'numbers'}, heads('epoch', ...all.map(s => s.name)), el('tbody', {}, ...points));
  const title = 'The numbers of these curves';
  const numbers = el('details', {}, el('summary', {}, title), el('section', {class: 'scroll', tabindex: '0', 'aria-label': title}, table));
  return [el('div', {class: 'charts'}, ...out), numbers];
}

// chart draws series over epochs, the ordinate a logarithm where all is positive and it was asked for.
function chart(title, epochs, lines, round, wantLog) {
  const W = 480, H = 250, left = 52, right = 10, top = 8, bottom = 34;
  const values = lines.flatMap(s => s.y).filter(v => v !== null);
  const log = wantLog && values.length > 0 && Math.min(...values) > 0;
  const heading = el('h4', {}, title + (log ? ', log scale' : ''));
  if (!values.length) return el('div', {class: 'chart'}, heading, el('p', {}, 'No finite value.'));
  const f = log ? Math.log10 : v => v;
  let low = Math.min(...values.map(f)), high = Math.max(...values.map(f));
  if (high - low < (log ? .3 : 1e-9)) [low, high] = [low - (log ? .2 : .5), high + (log ? .2 : .5)];
  const pad = .04 * (high - low), first = epochs[0], last = epochs[epochs.length - 1];
  [low, high] = [low - pad, high + pad];
  if (!log && Math.min(...values) >= 0) low = Math.max(low, 0);
  const x = e => left + (W - left - right) * (last === first ? .5 : (e - first) / (last - first));
  const y = v => top + (H - top - bottom) * (high - f(v)) / (high - low);
  const words = lines.map(s => {
    const known = s.y.filter(v => v !== null);
    return known.length ? s.name + ' from ' + round(known[0]) + ' to ' + round(known[known.length - 1]) : s.name + ' unknown';
  }).join(', ');
  const label = title + ' over ' + plural(epochs.length, 'epoch') + ': ' + words;
  const picture = svg('svg', {viewBox: '0 0 ' + W + ' ' + H, role: 'img', 'aria-label': label});
  for (const v of log ? logTicks(low, high) : linearTicks(low, high, 5)) {
    picture.append(svg('path', {class: 'grid', d: 'M' + left + ' ' + y(v) + 'H' + (W - right)}),
      svg('text', {x: left - 6, y: y(v) + 4, 'text-anchor': 'end'}, tick(v)));
  }
  for (const e of linearTicks(first, last, 6).filter(Number.isInteger)) {
    picture.append(svg('text', {x: x(e), y: H - bottom + 16, 'text-anchor': 'middle'}, String(e)));
  }
  picture.append(svg('text', {x: (left + W - right) / 2, y: H - 3, 'text-anchor': 'middle'}, 'epoch'),
    svg('path', {class: 'axis', d: 'M' + left + ' ' + (H - bottom) + 'H' + (W - right)}));
  for (const s of lines) {
    let d = '', pen = 'M';
    s.y.forEach((v, k) => { // a point between gaps is a dot
      if (v !== null) d += pen + x(epochs[k]).toFixed(1) + ' ' + y(v).toFixed(1) + (pen === 'M' ? 'h.01' : '');
      pen = v === null ? 'M' : 'L';
    });
    picture.append(svg('path', {class: 'line ' + s.css, d, 'stroke-linecap': 'round'}));
  }

  // Under the pointer: the values of the nearest epoch, in words.
  const cursor = svg('path', {class: 'cursor', d: '', visibility: 'hidden'}), read = el('p', {class: 'read'});
  picture.append(cursor);
  picture.addEventListener('pointermove', event => {
    const box = picture.getBoundingClientRect();
    const at = (event.clientX - box.left) * W / box.width;
    let k = 0;
    epochs.forEach((e, j) => { if (Math.abs(x(e) - at) < Math.abs(x(epochs[k]) - at)) k = j; });
    cursor.setAttribute('d', 'M' + x(epochs[k]) + ' ' + top + 'V' + (H - bottom));
    cursor.setAttribute('visibility', 'visible');
    read.textContent = 'epoch ' + epochs[k] + ': ' + lines.map(s => s.name + ' ' + (s.y[k] === null ? '–' : round(s.y[k]))).join(', ');
  });
  picture.addEventListener('pointerleave', () => { cursor.setAttribute('visibility', 'hidden'); read.textContent = ''; });

  const legend = el('ul', {class: 'legend'}, ...lines.map(s => el('li', {},
    svg('svg', {viewBox: '0 0 26 8', 'aria-hidden': 'true'}, svg('path', {class: 'line ' + s.css, d: 'M1 4h24'})), s.name)));
  return el('div', {class: 'chart'}, heading, legend, picture, read);
}

const tick = v => (v !== 0 && (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e6) ? v.toExponential(0) : String(+v.toPrecision(6)));

function linearTicks(low, high, n) {
  const raw = (high - low) / n, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(k => k * power).find(s => s >= raw) ?? raw;
  const out = [];
  const from = Math.ceil(low / step - 1e-9), to = Math.min(Math.floor(high / step + 1e-9), from + 50);
  for (let k = from; k <= to; k++) out.push(+(k * step).toPrecision(12));
  return out.length ? out : [low];
}

// logTicks stand at powers of ten, and at twice and five times these where few powers are in sight.
function logTicks(low, high) {
  const of = factors => {
    const out = [];
    for (let p = Math.floor(low); p <= Math.ceil(high); p++) {
      for (const k of factors) if (Math.log10(k) + p >= low && Math.log10(k) + p <= high) out.push(+(k * 10 ** p).toPrecision(3));
    }
    return out;
  };
  const powers = of([1]);
  if (powers.length > 6) return powers.filter((_, i) => i % Math.ceil(powers.length / 6) === 0);
  if (powers.length >= 3) return powers;
  const more = of([1, 2, 5]);
  return more.length >= 2 ? more : of([1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]);
}

// confusion is a table: rows are true classes, columns predicted ones; the deeper the tint, the larger the share of its kind. Classes without
// names have their numbers.
function confusion(counts, names) {
  if (!counts || !counts.length) return [el('p', {class: 'block'}, 'No confusion matrix of this trial was recorded.')];
  const sum = xs => xs.reduce((a, b) => a + b, 0), name = c => names?.[c] ?? String(c);
  const all = sum(counts.map(sum)), right = sum(counts.map((row, k) => row[k] ?? 0));
  const worst = Math.max(1, ...counts.flatMap((row, r) => row.filter((_, c) => c !== r)));
  const cell = (v, r, c) => {
    const td = el('td', {class: v === 0 ? 'zero' : r === c ? 'hit' : null}, String(v));
    const share = r === c ? v / Math.max(1, sum(counts[r])) * .35 : v / worst * .6;
    if (v) td.style.background = 'rgba(var(--' + (r === c ? 'right' : 'wrong') + '), ' + share.toFixed(2) + ')';
    return td;
  };
  const wrong = (all - right).toLocaleString('en') + ' of ' + all.toLocaleString('en') + ' wrong' + (all ? ', ' + percent((all - right) / all) : '');
  const recall = (xs, r) => (sum(xs) ? percent((xs[r] ?? 0) / sum(xs)) : '–');
  const table = el('table', {class: 'confusion'},
    heads('true \\ predicted', ...counts[0].map((_, c) => name(c)), 'recall'),
    el('tbody', {}, ...counts.map((xs, r) => row(name(r), ...xs.map((v, c) => cell(v, r, c)), recall(xs, r)))));
  const title = el('h4', {class: 'block'}, 'Confusion on the test examples: ' + wrong);
  return [title, el('section', {class: 'scroll', tabindex: '0', 'aria-label': 'Confusion matrix'}, table)];
}

function everything(i) {
  const rows = columns.filter(c => c.cells[i] !== null).map(c => row(c.name, shown(c.cells[i])));
  return el('details', {}, el('summary', {}, 'Everything recorded of this trial'), el('table', {class: 'facts'}, el('tbody', {}, ...rows)));
}

// The address chooses; without one, the first trial with an ascent is shown, else the first.
function follow(byHand) {
  const asked = /^#trial=(.+)$/.exec(location.hash);
  if (!asked) return false;
  let id = asked[1];
  try { id = decodeURIComponent(id); } catch { /* it is meant as it stands */ }
  const i = ids.indexOf(id);
  if (i < 0) noTrial(id);
  else showTrial(i, byHand);
  return true;
}
addEventListener('hashchange', () => follow(true));
tbody.addEventListener('click', event => { // the trial of the address again
  const a = event.target.closest('a');
  if (a && a.getAttribute('href') === location.hash) follow(true);
});
if (follow(false)) byID('trial').scrollIntoView();
else showTrial(Math.max(0, trials.curves.findIndex(c => c?.perturbed)), false);
performance.mark('ready');
