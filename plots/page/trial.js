
// The chosen trial, and beside it one that is pinned: their curves, confusion matrices, and everything measured of them. The address says
// which: #trial=ID&with=ID.

const panel = byID('trial');
const setting = (name, i) => shown(columns.find(c => c.name === name)?.cells[i]);
const percent = v => (100 * v).toFixed(2) + ' %';
Object.assign(state, {trial: null, pinned: null});

// trialView is the trials' part of the address. A trial that was not asked for is not in it.
const trialView = () => [...(state.asked ? [['trial', ids[state.trial]]] : []), ...(state.pinned === null ? [] : [['with', ids[state.pinned]]])];

// choose shows a trial, and pinned beside it, by way of the address, so that going back undoes it.
function choose(i, pinned = state.pinned) {
  writeNow();
  const to = coded([...tableView(), ['trial', ids[i]], ...(pinned === null ? [] : [['with', ids[pinned]]])]);
  if (to !== location.hash) history.pushState(null, '', to);
  follow(true);
}

const told = i => ['status', ...swept.map(c => c.name)].flatMap((name, k) => [k ? ', ' + name + ' ' : name + ' ', el('b', {}, setting(name, i))]);

function button(words, key, act) {
  const b = el('button', {type: 'button', id: 'trial-' + key, 'aria-keyshortcuts': key}, words, ' ', el('kbd', {}, key));
  b.addEventListener('click', act);
  return b;
}

// neighbour is the trial before or after the chosen one among the rows of the table; undefined at their end.
const neighbour = step => state.rows[state.rows.indexOf(state.trial) + step];
const walk = step => { if (neighbour(step) !== undefined) choose(neighbour(step)); };
const pin = () => choose(state.trial, state.pinned === null ? state.trial : null);

function showTrial(i, byHand) {
  state.trial = i;
  const row = state.rows.indexOf(i);
  if (row >= 0 && byHand) goTo(row);
  [...tbody.rows].forEach(tr => (tr.index === i ? tr.setAttribute('aria-current', 'true') : tr.removeAttribute('aria-current')));
  const held = panel.contains(document.activeElement) ? document.activeElement.id : '';
  const name = el('h3', {id: 'trial-name', tabindex: '-1'}, 'Trial ', el('code', {}, shown(ids[i])));
  const back = el('a', {class: 'back', href: '#records'}, 'back to the table');
  back.addEventListener('click', event => {
    event.preventDefault();
    if (row >= 0) goTo(row);
    (links()[state.here] ?? text).focus();
  });
  const steps = el('p', {class: 'steps'}, button('previous', 'p', () => walk(-1)),
    button('next', 'n', () => walk(1)), button(state.pinned === null ? 'pin, to compare' : 'unpin', 'c', pin), back);
  const both = state.pinned !== null && state.pinned !== i ? [i, state.pinned] : [i];
  panel.replaceChildren(name, el('p', {class: 'told'}, ...told(i)), ...beside(i), steps, ...curves(both), ...compared(both),
    el('div', {class: 'pair'}, ...both.map((j, k) => el('div', {}, ...confusion(trials.confusion[j], trials.classes?.[trials.named?.[j] ?? 0], k ? ' of the pinned trial' : '')))),
    everything(both));
  if (!byHand) return;
  const again = held && byID(held);
  (again || name).focus({preventScroll: true});
  panel.scrollIntoView({block: 'nearest'});
}

// beside says what is pinned.
function beside(i) {
  if (state.pinned === null) return [];
  const same = state.pinned === i ? ' is this one: choose another to compare' : ': ';
  return [el('p', {class: 'told', id: 'pinned'}, 'Pinned: ', el('code', {}, shown(ids[state.pinned])), same, ...(state.pinned === i ? [] : told(state.pinned)))];
}

function noTrial(id) {
  panel.replaceChildren(el('h3', {id: 'trial-name', tabindex: '-1'}, 'No trial ', el('code', {}, id)), el('p', {}, 'These records have none of that id.'));
}

// curves are the charts of one trial, or of two in one: losses, the validation error, and what was watched along training.
function curves(both) {
  const loss = [], val = [], watched = new Map();
  let perturbed = false;
  both.forEach((i, k) => {
    const c = trials.curves[i], other = k ? ', pinned' : '', css = name => (k ? 'other ' : '') + name;
    if (c) {
      const x = c.epoch ?? c.clean.map((_, e) => e + 1);
      loss.push({name: 'clean' + other, css: css('clean'), x, y: c.clean});
      if (c.perturbed) loss.push({name: 'perturbed' + other, css: css('perturbed'), x, y: c.perturbed});
      perturbed ||= Boolean(c.perturbed);
      const validated = (c.val ?? []).flatMap((v, e) => (v === null ? [] : [e])); // the line goes on over epochs without validation
      const percents = validated.map(e => +(100 * c.val[e]).toPrecision(5));
      if (c.val) val.push({name: 'validation' + other, css: css('val'), x: validated.map(e => x[e]), y: percents});
    }
    const w = trials.watched?.[i];
    for (const {name, y} of w?.of ?? []) {
      const key = name + ' over ' + w.unit + 's';
      watched.set(key, [...(watched.get(key) ?? []), {name: name + other, css: css('val'), x: w.at, y, unit: w.unit}]);
    }
  });
  const out = [];
  if (loss.length) out.push(chart('Train loss' + (perturbed ? '' : ' (no ascent, so nothing is perturbed)'), 'epoch', loss, v => v, true));
  if (val.length) out.push(chart('Validation error (%)', 'epoch', val, v => +v.toFixed(3), false));
  for (const lines of watched.values()) {
    const values = lines.flatMap(s => s.y).filter(v => v !== null);
    out.push(chart('Watched: ' + lines[0].name, lines[0].unit, lines, v => v, Math.max(...values) > 20 * Math.min(...values)));
  }
  if (!out.length) return [el('p', {}, 'No epoch of this trial was recorded, so there is no curve.')];
  const tables = [numbers('epoch', [...loss, ...val])];
  for (const lines of watched.values()) tables.push(numbers(lines[0].unit, lines));
  const title = 'The numbers of these curves';
  return [el('div', {class: 'charts'}, ...out),
    el('details', {}, el('summary', {}, title), el('section', {class: 'scroll', tabindex: '0', 'aria-label': title}, ...tables.filter(Boolean)))];
}

const positions = lines => [...new Set(lines.flatMap(s => s.x))].sort((a, b) => a - b);
const valueAt = (line, x) => line.y[line.x.indexOf(x)] ?? null;

function numbers(unit, lines) {
  if (!lines.length) return null;
  const points = positions(lines).map(x => row(String(x), ...lines.map(s => shown(valueAt(s, x)))));
  return el('table', {class: 'numbers'}, heads(unit, ...lines.map(s => s.name)), el('tbody', {}, ...points));
}

// chart draws lines over epochs or steps, the ordinate a logarithm where all is positive and it was asked for.
function chart(title, unit, lines, round, wantLog) {
  const W = 480, H = 250, left = 52, right = 10, top = 8, bottom = 34;
  const values = lines.flatMap(s => s.y).filter(v => v !== null);
  const log = wantLog && values.length > 0 && Math.min(...values) > 0;
  const heading = el('h4', {}, title + (log ? ', log scale' : ''));
  if (!values.length) return el('div', {class: 'chart'}, heading, el('p', {}, 'No finite value.'));
  const xs = positions(lines), f = log ? Math.log10 : v => v;
  let low = Math.min(...values.map(f)), high = Math.max(...values.map(f));
  if (high - low < (log ? .3 : 1e-9)) [low, high] = [low - (log ? .2 : .5), high + (log ? .2 : .5)];
  const pad = .04 * (high - low), first = xs[0], last = xs[xs.length - 1];
  [low, high] = [low - pad, high + pad];
  if (!log && Math.min(...values) >= 0) low = Math.max(low, 0);
  const x = e => left + (W - left - right) * (last === first ? .5 : (e - first) / (last - first));
  const y = v => top + (H - top - bottom) * (high - f(v)) / (high - low);
  const words = lines.map(s => {
    const known = s.y.filter(v => v !== null);
    return known.length ? s.name + ' from ' + round(known[0]) + ' to ' + round(known[known.length - 1]) : s.name + ' unknown';
  }).join(', ');
  const label = title + ' over ' + plural(xs.length, unit === 'epoch' ? 'epoch' : 'look') + ': ' + words;
  const picture = svg('svg', {viewBox: '0 0 ' + W + ' ' + H, role: 'img', 'aria-label': label});
  for (const v of log ? logTicks(low, high) : linearTicks(low, high, 5)) {
    picture.append(svg('path', {class: 'grid', d: 'M' + left + ' ' + y(v) + 'H' + (W - right)}),
      svg('text', {x: left - 6, y: y(v) + 4, 'text-anchor': 'end'}, tick(v)));
  }
  for (const e of linearTicks(first, last, 6).filter(Number.isInteger)) {
    picture.append(svg('text', {x: x(e), y: H - bottom + 16, 'text-anchor': 'middle'}, String(e)));
  }
  picture.append(svg('text', {x: (left + W - right) / 2, y: H - 3, 'text-anchor': 'middle'}, unit),
    svg('path', {class: 'axis', d: 'M' + left + ' ' + (H - bottom) + 'H' + (W - right)}));
  for (const s of lines) {
    let d = '', pen = 'M';
    s.y.forEach((v, k) => { // a point between gaps is a dot
      if (v !== null) d += pen + x(s.x[k]).toFixed(1) + ' ' + y(v).toFixed(1) + (pen === 'M' ? 'h.01' : '');
      pen = v === null ? 'M' : 'L';
    });
    picture.append(svg('path', {class: 'line ' + s.css, d, 'stroke-linecap': 'round'}));
  }

  // Under the pointer: the values of the nearest epoch or step, in words.
  const cursor = svg('path', {class: 'cursor', d: '', visibility: 'hidden'}), read = el('p', {class: 'read'});
  picture.append(cursor);
  const point = event => {
    const box = picture.getBoundingClientRect(), at = (event.clientX - box.left) * W / box.width;
    const here = xs.reduce((a, b) => (Math.abs(x(b) - at) < Math.abs(x(a) - at) ? b : a));
    cursor.setAttribute('d', 'M' + x(here) + ' ' + top + 'V' + (H - bottom));
    cursor.setAttribute('visibility', 'visible');
    const value = s => { const v = valueAt(s, here); return s.name + ' ' + (v === null ? '–' : round(v)); };
    read.textContent = unit + ' ' + here + ': ' + lines.map(value).join(', ');
  };
  picture.addEventListener('pointermove', point);
  picture.addEventListener('pointerdown', point);
  picture.addEventListener('pointerleave', event => {
    if (event.pointerType === 'touch') return;
    cursor.setAttribute('visibility', 'hidden');
    read.textContent = '';
  });

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
function confusion(counts, names, whose) {
  if (!counts || !counts.length) return [el('p', {class: 'block'}, 'No confusion matrix' + (whose || ' of this trial') + ' was recorded.')];
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
  const title = el('h4', {class: 'block'}, 'Confusion on the test examples' + whose + ': ' + wrong);
  return [title, el('section', {class: 'scroll', tabindex: '0', 'aria-label': 'Confusion matrix' + whose}, table)];
}

// compared is what differs between two trials: settings, and the results of both.
function compared(both) {
  if (both.length < 2) return [];
  const [i, j] = both, differ = c => c.cells[i] !== c.cells[j];
  const minus = (a, b) => (typeof a === 'number' && typeof b === 'number' ? String(+(a - b).toPrecision(4)) : '');
  const settings = columns.filter(c => (c.group === 'swept' || c.group === 'setting') && differ(c));
  const results = columns.filter(c => (c.name === 'status' || c.group === 'result') && (c.cells[i] !== null || c.cells[j] !== null));
  const line = c => row(c.name, shown(c.cells[i]), shown(c.cells[j]), minus(c.cells[i], c.cells[j]));
  const title = 'Settings that differ, and results';
  return [el('h4', {class: 'block'}, title), el('section', {class: 'scroll', tabindex: '0', 'aria-label': title},
    el('table', {class: 'facts', id: 'compared'}, heads('', 'this trial', 'pinned', 'difference'), el('tbody', {}, ...[...settings, ...results].map(line))))];
}

function everything(both) {
  const rows = columns.filter(c => both.some(i => c.cells[i] !== null)).map(c => row(c.name, ...both.map(i => shown(c.cells[i]))));
  const head = both.length > 1 ? [heads('', 'this trial', 'pinned')] : [];
  return el('details', {}, el('summary', {}, 'Everything recorded of ' + (both.length > 1 ? 'these trials' : 'this trial')),
    el('table', {class: 'facts'}, ...head, el('tbody', {}, ...rows)));
}

// n and p, inside the records, show the next and the previous trial; c pins.
byID('browser').addEventListener('keydown', event => {
  if (event.target.closest('input, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {n: () => walk(1), p: () => walk(-1), c: pin}[event.key];
  if (act) act();
});

// follow draws the view of the address; without a trial in it, the first with an ascent, else the first.
function follow(byHand) {
  const pairs = decoded(location.hash);
  if (!pairs) return false;
  const table = pairs.filter(([name]) => name !== 'trial' && name !== 'with'), asked = new Map(pairs);
  if (!state.drawn || coded(table) !== coded(tableView())) setTable(table);
  state.drawn = true;
  const at = id => { const i = ids.indexOf(id); return i < 0 ? null : i; };
  state.pinned = at(asked.get('with'));
  state.asked = asked.has('trial') && at(asked.get('trial')) !== null;
  if (state.asked) showTrial(at(asked.get('trial')), byHand);
  else if (asked.has('trial')) noTrial(asked.get('trial'));
  else showTrial(Math.max(0, trials.curves.findIndex(c => c?.perturbed)), false);
  return pairs.length > 0;
}
addEventListener('hashchange', () => follow(true));
if (follow(false)) (state.asked ? panel : byID('records')).scrollIntoView();
else if (!state.drawn) {
  setTable([]);
  state.drawn = true;
  showTrial(Math.max(0, trials.curves.findIndex(c => c?.perturbed)), false);
}
performance.mark('ready');
