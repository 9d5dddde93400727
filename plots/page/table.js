
// The table of records. Rows are indices into the columns' cells: sorted, filtered, and shown a chunk at a time.

const chunk = 100; // rows
const groupNames = {result: 'results', measure: 'measures', setting: 'settings that do not vary', run: 'where and how fast'};

const ids = columns[0].cells, total = ids.length;
const swept = columns.filter(c => c.group === 'swept');
for (const c of columns) c.css = c.cells.some(v => typeof v === 'number') ? 'number' : null;

const state = {by: null, down: false, filter: '', choices: new Map(), groups: new Set(), rows: [], here: 0};

const thead = el('thead'), tbody = el('tbody');
byID('table').append(el('caption', {hidden: true}, 'Records'), thead, tbody);
byID('browser').hidden = false;
byID('unscripted').hidden = true;

// order compares two rows by a column: numbers before text, none last either way, equals as they were.
function order(cells, down) {
  const sign = down ? -1 : 1;
  return (i, j) => {
    const a = cells[i], b = cells[j];
    if (a === null || b === null) return (a === null) - (b === null) || i - j;
    if (typeof a !== typeof b) return sign * (typeof a === 'number' ? -1 : 1);
    return sign * ((a > b) - (a < b)) || i - j;
  };
}

const visible = () => columns.filter(c => !(c.group in groupNames) || state.groups.has(c.group));

function drawHead() {
  thead.replaceChildren(el('tr', {}, ...visible().map(column => {
    const sorted = state.by === column;
    const arrow = el('span', {class: 'arrow', 'aria-hidden': 'true'}, sorted ? (state.down ? '▼' : '▲') : '');
    const button = el('button', {type: 'button'}, el('span', {}, column.name), arrow);
    button.addEventListener('click', () => sort(column));
    return el('th', {scope: 'col', class: column.css, 'aria-sort': sorted ? (state.down ? 'descending' : 'ascending') : null}, button);
  })));
}

function drawRow(i) {
  const tr = el('tr', {'aria-current': i === state.trial ? 'true' : null});
  tr.index = i;
  visible().forEach((column, k) => {
    const cell = column.cells[i];
    const mood = cell === null ? 'none' : cell === 'diverged' || cell === 'failed' ? 'bad' : null;
    const attributes = {class: column.css && mood ? column.css + ' ' + mood : column.css ?? mood};
    if (k > 0) tr.append(el('td', attributes, shown(cell)));
    else tr.append(el('th', {scope: 'row', ...attributes}, el('a', {href: coded([['trial', ids[i]]]), tabindex: '-1'}, shown(cell))));
  });
  return tr;
}

const links = () => tbody.getElementsByTagName('a');

// grow shows rows up to n of those that match.
function grow(n) {
  const from = tbody.rows.length;
  tbody.append(...state.rows.slice(from, n).map(drawRow));
  const left = state.rows.length - tbody.rows.length;
  const more = byID('more');
  more.hidden = left <= 0;
  more.textContent = left > 0 ? 'Show ' + Math.min(chunk, left) + ' more of ' + left.toLocaleString('en') : '';
}

// stop makes row k the one that Tab reaches.
function stop(k) {
  const all = links();
  if (all[state.here]) all[state.here].tabIndex = -1;
  state.here = Math.max(0, Math.min(k, all.length - 1));
  if (all[state.here]) all[state.here].tabIndex = 0;
}

function drawRows() {
  const holds = filter(state.filter, visible());
  for (const [of, wanted] of state.choices) holds.push(i => shown(of.cells[i]) === wanted);
  state.rows = ids.map((_, i) => i).filter(i => holds.every(held => held(i)));
  if (state.by) state.rows.sort(order(state.by.cells, state.down));
  tbody.replaceChildren();
  grow(chunk);
  stop(0);
  byID('box').scrollTop = 0;
  const some = state.rows.length === total ? '' : state.rows.length.toLocaleString('en') + ' of ';
  byID('count').textContent = some + plural(total, 'trial');
  byID('reset').disabled = !state.filter && !state.choices.size && !state.by;
  byID('save').textContent = some ? 'Save these ' + plural(state.rows.length, 'trial') + ' as CSV' : 'Save as CSV';
  byID('save').disabled = !state.rows.length;
}

function sort(of) {
  const k = visible().indexOf(of);
  state.down = state.by === of && !state.down;
  state.by = of;
  drawHead();
  drawRows();
  write();
  thead.querySelectorAll('button')[k].focus();
}

// Filters: a text, and a choice for every swept setting and for the status where it differs.
const text = byID('text');
text.addEventListener('input', () => {
  state.filter = text.value.trim();
  drawRows();
  write();
});
const status = columns[1];
const selects = [...swept, ...(new Set(status.cells).size > 1 ? [status] : [])].map((of, k) => {
  const values = [...new Set(of.cells)];
  values.sort((a, b) => order([a, b], false)(0, 1));
  const options = values.map((v, i) => el('option', {value: i}, shown(v)));
  const select = el('select', {id: 'choice-' + k}, el('option', {value: 'all'}, 'all'), ...options);
  select.addEventListener('change', () => {
    if (select.value === 'all') state.choices.delete(of);
    else state.choices.set(of, shown(values[select.value]));
    drawRows();
    write();
  });
  byID('choices').append(el('span', {class: 'choice'}, el('label', {for: select.id}, of.name), select));
  return {of, select, choose: wanted => {
    const at = values.findIndex(v => shown(v) === wanted);
    select.value = at < 0 ? 'all' : at;
    if (at >= 0) state.choices.set(of, wanted);
  }};
});
byID('reset').addEventListener('click', () => {
  setTable(tableView().filter(([name]) => name === 'columns'));
  write();
});
byID('save').addEventListener('click', () => {
  const some = state.rows.length < total ? '-' + state.rows.length : '';
  save('records' + some + '.csv', new Blob([csv(state.rows)], {type: 'text/csv'}));
});

const boxes = Object.entries(groupNames).map(([group, name]) => {
  const n = columns.filter(c => c.group === group).length;
  const box = el('input', {type: 'checkbox', id: 'group-' + group});
  box.addEventListener('change', () => {
    if (box.checked) state.groups.add(group);
    else state.groups.delete(group);
    if (state.by && !visible().includes(state.by)) state.by = null;
    drawHead();
    drawRows();
    write();
  });
  if (n) byID('groups').append(el('label', {}, box, name + ' (' + n + ')'));
  return {group, box};
});

// tableView is the table's part of the address.
function tableView() {
  const pairs = state.filter ? [['filter', state.filter]] : [];
  for (const [of, wanted] of state.choices) pairs.push([of.name, wanted]);
  if (state.by) pairs.push(['sort', (state.down ? '-' : '') + state.by.name]);
  const groups = [...state.groups].sort().join(',');
  if (groups !== 'result') pairs.push(['columns', groups]);
  return pairs;
}

// setTable draws the table that an address asks for. What it names that is not there counts as not asked for.
function setTable(pairs) {
  const asked = new Map(pairs), by = asked.get('sort') ?? '';
  state.filter = (asked.get('filter') ?? '').trim();
  state.groups = new Set((asked.get('columns') ?? 'result').split(',').filter(group => group in groupNames));
  state.choices.clear();
  for (const {of, choose} of selects) choose(asked.get(of.name));
  state.by = visible().find(c => c.name === by) ?? visible().find(c => '-' + c.name === by) ?? null;
  state.down = state.by !== null && state.by.name !== by;
  text.value = state.filter;
  for (const {group, box} of boxes) box.checked = state.groups.has(group);
  drawHead();
  drawRows();
}

// write puts the view into the address, once a burst of changes is over: browsers bound how often an address changes.
let pending = 0;
function toAddress() {
  pending = 0;
  history.replaceState(null, '', coded([...tableView(), ...trialView()]));
}
function write() {
  clearTimeout(pending);
  pending = setTimeout(toAddress, 150);
}

// writeNow does not wait: another place in the history is next.
function writeNow() {
  if (!pending) return;
  clearTimeout(pending);
  toAddress();
}

// More rows come when the last is nearly in sight, and on request.
byID('more').addEventListener('click', () => {
  const from = tbody.rows.length;
  grow(from + chunk);
  stop(from);
  links()[from].focus();
});
byID('box').addEventListener('scroll', () => {
  const box = byID('box');
  if (box.scrollTop + box.clientHeight > box.scrollHeight - 400) grow(tbody.rows.length + chunk);
}, {passive: true});

// Rows: a click anywhere, or Enter on the id, which is a link. Arrows move between the ids.
tbody.addEventListener('click', event => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !getSelection().isCollapsed) return;
  event.preventDefault();
  const tr = event.target.closest('tr');
  stop([...tbody.rows].indexOf(tr));
  choose(tr.index);
});
tbody.addEventListener('keydown', event => {
  const k = [...links()].indexOf(event.target);
  const to = {ArrowDown: k + 1, ArrowUp: k - 1, PageDown: k + 15, PageUp: k - 15, Home: 0, End: state.rows.length - 1}[event.key];
  if (k < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  goTo(to);
  links()[state.here].focus();
});

// goTo makes row k, which may not be drawn yet, the one that Tab reaches.
function goTo(k) {
  if (k >= tbody.rows.length) grow(Math.max(k + 1, tbody.rows.length + chunk));
  stop(k);
}
