
// The view of the records is in the address: #filter=...&KEY=VALUE&sort=-KEY&columns=GROUP,GROUP&trial=ID&with=ID, all of it optional.
// KEY=VALUE is a choice. An address without = is a place on the page, and no view.

const coded = pairs => '#' + pairs.map(pair => pair.map(encodeURIComponent).join('=')).join('&');

function decoded(hash) {
  if (hash.length > 1 && !hash.includes('=')) return null;
  const plain = text => {
    try { return decodeURIComponent(text); } catch { return text; } // it is meant as it stands
  };
  return hash.slice(1).split('&').filter(Boolean).map(part => {
    const [name, ...value] = part.split('=');
    return [plain(name), plain(value.join('='))];
  });
}

// A filter is words and conditions, all of which hold: done optimizer.rho=0.05 test_error<0.03. Quotes hold spaces together.

const unquoted = text => text.replaceAll('"', '');
const parts = text => text.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];

// column is the one a key names, in full or by what stands behind a dot; of several one that is shown.
function column(key, shownColumns) {
  const k = key.toLowerCase();
  for (const of of [shownColumns, columns]) {
    const found = of.find(c => c.name.toLowerCase() === k) ?? of.find(c => c.name.toLowerCase().endsWith('.' + k));
    if (found) return found;
  }
  return null;
}

// condition holds for a trial or not. = and != compare numbers as numbers and all else as text; nothing after them is "none".
function condition(cells, sign, text) {
  const number = text.trim() === '' ? null : Number(text), known = Number.isFinite(number), wanted = text === '' ? '–' : text.toLowerCase();
  const same = v => (typeof v === 'number' && known ? v === number : shown(v).toLowerCase() === wanted);
  const less = (a, b) => known && typeof a === 'number' && typeof b === 'number' && a < b;
  return {
    '=': i => same(cells[i]), '!=': i => !same(cells[i]),
    '<': i => less(cells[i], number), '>': i => less(number, cells[i]),
    '<=': i => less(cells[i], number) || cells[i] === number, '>=': i => less(number, cells[i]) || cells[i] === number,
  }[sign];
}

// filter is the conditions of a text: functions of the index of a trial. A word is looked for in the columns that are shown, and in the
// others where no trial has it there.
function filter(text, shownColumns) {
  const haystack = of => {
    const made = [];
    return i => (made[i] ??= of.map(c => shown(c.cells[i])).join('\n').toLowerCase());
  };
  const inShown = haystack(shownColumns), inAll = haystack(columns);
  return parts(text).map(part => {
    const split = /^((?:"[^"]*"|[^"=<>!])+)(<=|>=|!=|=|<|>)(.*)$/s.exec(part);
    const of = split && column(unquoted(split[1]), shownColumns);
    if (of) return condition(of.cells, split[2], unquoted(split[3]));
    const word = unquoted(part).toLowerCase();
    const found = ids.some((_, i) => inShown(i).includes(word));
    return i => (found ? inShown : inAll)(i).includes(word);
  });
}

// csv is rows of the table with all columns.
function csv(rows) {
  const cell = v => {
    const text = v === null ? '' : String(v);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  return [columns.map(c => c.name), ...rows.map(i => columns.map(c => c.cells[i]))].map(line => line.map(cell).join(',') + '\n').join('');
}
