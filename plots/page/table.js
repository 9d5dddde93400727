
// The table of records. Rows are indices into the columns' cells: sorted, filtered, and shown a chunk at a time.

const chunk = 100; // rows
const sheet = 500; // rows on paper
const groupNames = {result: 'results', measure: 'measures', setting: 'settings that do not vary', run: 'where and how fast'};

const total = columns[0].cells.length;
const ids = columns[0].cells;
const address = i => '#trial=' + encodeURIComponent(ids[i]);
const swept = columns.filter(c => c.group === 'swept');
for (const c of columns) {
  const numeric = c.cells.some(v => typeof v === 'number');
  c.css = [c.print ? '' : 'screen', numeric ? 'number' : ''].filter(Boolean).join(' ') || null;
}

const state = {by: null, down: false, words: [], choices: new Map(), groups: new Set(['trial', 'swept', 'result']), rows: [], here: 0};

const thead = el('thead'), tbody = el('tbody');
byID('table').append(el('caption', {hidden: true}, 'Records'), thead, tbody);
byID('browser').hidden = false;
byID('unscripted').hidden = true;

// haystack is all cells of a row in lower case, made when first asked for.
const haystacks = [];
const haystack = i => (haystacks[i] ??= columns.map(c => shown(c.cells[i])).join('\n').toLowerCase());

function matches(i) {
  for (const [column, wanted] of state.choices) if (shown(column.cells[i]) !== wanted) return false;
  return state.words.every(word => haystack(i).includes(word));
}

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

const visible = () => columns.filter(c => state.groups.has(c.group));

function drawHead() {
  thead.replaceChildren(el('tr', {}, ...visible().map(column => {
    const sorted = state.by === column;
    const arrow = el('span', {class: 'arrow', 'aria-hidden': 'true'}, sorted ? (state.down ? '▼' : '▲') : '');
    const button = el('button', {type: 'button'}, breakable(column.name), arrow);
    button.addEventListener('click', () => sort(column));
    return el('th', {scope: 'col', class: column.css, 'aria-sort': sorted ? (state.down ? 'descending' : 'ascending') : null}, button);
  })));
}

// breakable lets a name break after its dots and underscores.
function breakable(name) {
  const span = el('span');
  name.split(/(?<=[._])/).forEach((part, i) => span.append(...(i ? [el('wbr')] : []), part));
  return span;
}

function drawRow(i) {
  const tr = el('tr', {'aria-current': i === state.trial ? 'true' : null});
  tr.index = i;
  visible().forEach((column, k) => {
    const cell = column.cells[i];
    const mood = cell === null ? 'none' : cell === 'diverged' || cell === 'failed' ? 'bad' : null;
    const attributes = {class: column.css && mood ? column.css + ' ' + mood : column.css ?? mood};
    if (k > 0) tr.append(el('td', attributes, shown(cell)));
    else tr.append(el('th', {scope: 'row', ...attributes}, el('a', {href: address(i), tabindex: '-1'}, shown(cell))));
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
  state.rows = Array.from({length: total}, (_, i) => i).filter(matches);
  if (state.by) state.rows.sort(order(state.by.cells, state.down));
  tbody.replaceChildren();
  grow(chunk);
  stop(0);
  byID('box').scrollTop = 0;
  const some = state.rows.length === total ? '' : state.rows.length.toLocaleString('en') + ' of ';
  byID('count').textContent = some + plural(total, 'trial');
  byID('reset').disabled = !state.words.length && !state.choices.size && !state.by;
}

function sort(column) {
  const k = visible().indexOf(column);
  state.down = state.by === column && !state.down;
  state.by = column;
  drawHead();
  drawRows();
  thead.querySelectorAll('button')[k].focus();
}

// Filters: words, and a choice for every swept setting and for the status where it differs.
const text = byID('text');
text.addEventListener('input', () => {
  state.words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  drawRows();
});
const status = columns[1];
const selects = [...swept, ...(new Set(status.cells).size > 1 ? [status] : [])].map((column, k) => {
  const values = [...new Set(column.cells)];
  values.sort((a, b) => order([a, b], false)(0, 1));
  const options = values.map((v, i) => el('option', {value: i}, shown(v)));
  const select = el('select', {id: 'choice-' + k}, el('option', {value: 'all'}, 'all'), ...options);
  select.addEventListener('change', () => {
    if (select.value === 'all') state.choices.delete(column);
    else state.choices.set(column, shown(values[select.value]));
    drawRows();
  });
  byID('choices').append(el('span', {class: 'choice'}, el('label', {for: select.id}, column.name), select));
  return select;
});
byID('reset').addEventListener('click', () => {
  text.value = '';
  selects.forEach(select => { select.value = 'all'; });
  Object.assign(state, {by: null, down: false, words: []});
  state.choices.clear();
  drawHead();
  drawRows();
});

for (const [group, name] of Object.entries(groupNames)) {
  const n = columns.filter(c => c.group === group).length;
  if (n === 0) continue;
  const box = el('input', {type: 'checkbox', checked: state.groups.has(group)});
  box.addEventListener('change', () => {
    if (box.checked) state.groups.add(group);
    else state.groups.delete(group);
    if (state.by && !state.groups.has(state.by.group)) state.by = null;
    drawHead();
    drawRows();
  });
  byID('groups').append(el('label', {}, box, name + ' (' + n + ')'));
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
  const tr = event.target.closest('tr');
  if (!event.target.closest('a') && getSelection().isCollapsed) location.hash = address(tr.index);
  stop([...tbody.rows].indexOf(tr));
});
tbody.addEventListener('keydown', event => {
  const k = [...links()].indexOf(event.target);
  const to = {ArrowDown: k + 1, ArrowUp: k - 1, PageDown: k + 15, PageUp: k - 15, Home: 0, End: state.rows.length - 1}[event.key];
  if (k < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (to >= tbody.rows.length) grow(Math.max(to + 1, tbody.rows.length + chunk));
  stop(to);
  links()[state.here].focus();
});

// On paper: more rows, of the columns that fit, and words on what is left out.
addEventListener('beforeprint', () => {
  grow(sheet);
  const rows = tbody.rows.length;
  byID('paper').textContent = rows < total ? 'On this paper: ' + rows + ' of ' + plural(total, 'trial') + '.' : '';
});
addEventListener('afterprint', () => { byID('paper').textContent = ''; });

drawHead();
drawRows();
