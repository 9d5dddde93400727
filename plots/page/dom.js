// What every part of the page uses. Text becomes text: no string is ever read as markup.

const byID = id => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null));
  return node;
}

const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

// row is a row of a table: a heading, then cells. Texts and nodes both do.
const row = (head, ...cells) => el('tr', {}, el('th', {scope: 'row'}, head), ...cells.map(cell => (cell instanceof Node ? cell : el('td', {}, cell))));
const heads = (...names) => el('thead', {}, el('tr', {}, ...names.map(name => el('th', {scope: 'col'}, name))));

// shown is a cell as text; an en dash is "none".
const shown = cell => (cell === null || cell === undefined ? '–' : String(cell));
const plural = (n, noun) => n.toLocaleString('en') + ' ' + noun + (n === 1 ? '' : 's');

// save offers a blob as a file. It asks nobody for anything.
function save(name, blob) {
  const address = URL.createObjectURL(blob);
  el('a', {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
