
// The figures: their values under the pointer, by a tap or by the arrow keys, and the pictures as files.

const reach = 18, touchReach = 32; // CSS pixels from a value within which a pointer means it

// place is where a number stands, in the units of the SVG.
function place({ends, at, log}, v) {
  const f = log ? Math.log10 : u => u;
  return at[0] + (at[1] - at[0]) * (f(v) - f(ends[0])) / (f(ends[1]) - f(ends[0]));
}

// spots are the values of a figure, each with where it stands; x is null for one that goes across its panel.
const spots = panels => panels.flatMap(panel => panel.of.flatMap((series, s) => series.y.map((v, k) => (
  {panel, series, s, k, x: series.x ? place(panel.x, series.x[k]) + (series.shift ?? 0) : null, y: place(panel.y, v)}))));

// saying is a value in words, a line each: of what, x, y with its interval and n, and what else there is to say.
function saying({panel, series, k}) {
  const label = (axis, other) => axis.label || other;
  const at = (axis, v) => axis.names?.[v] || String(v);
  const [axis, values] = series.across ? [panel.x, series.x] : [panel.y, series.y];
  let value = label(axis, panel.title ?? 'value') + ': ' + at(axis, values[k]);
  if ((series.low?.[k] ?? null) !== null) value += ' [' + [series.low[k], series.high?.[k]].map(v => shown(v === null ? v : +v.toPrecision(4))).join(', ') + ']';
  const n = series.n?.length === 1 ? series.n[0] : series.n?.[k];
  if (n) value += ', n = ' + n;
  const x = series.across || !series.x ? null : label(panel.x, 'x') + ': ' + at(panel.x, series.x[k]);
  return [series.name, x, value, series.texts?.[k]].filter(Boolean);
}

// lively makes a figure show its values.
function lively(figure, panels) {
  const sheet = figure.querySelector('.sheet'), drawn = sheet.querySelector('svg'), view = drawn.viewBox.baseVal;
  const all = spots(panels);
  if (!all.length) return all;
  const tip = el('div', {class: 'tip', role: 'status'});
  const ring = svg('circle', {class: 'ring', r: 5, visibility: 'hidden'}), level = svg('path', {class: 'ring', visibility: 'hidden'});
  sheet.append(tip);
  drawn.append(ring, level);
  fill(sheet, {tabindex: '0', role: 'group', 'aria-label': 'Values of ' + figure.querySelector('figcaption strong').textContent + ' The arrow keys move between them.'}, []);
  let here = -1, last = -1; // the value that is shown, and the one that was shown last; −1 for none

  const hide = () => {
    here = -1;
    tip.replaceChildren();
    for (const mark of [ring, level]) mark.setAttribute('visibility', 'hidden');
  };
  const show = j => {
    if (j === here) return;
    hide();
    here = last = j;
    const spot = all[j], scale = drawn.getBoundingClientRect().width / view.width;
    const middle = spot.x ?? (spot.panel.x.at[0] + spot.panel.x.at[1]) / 2;
    if (spot.x === null) fill(level, {d: 'M' + spot.panel.x.at[0] + ' ' + spot.y + 'H' + spot.panel.x.at[1], visibility: 'visible'}, []);
    else fill(ring, {cx: spot.x, cy: spot.y, visibility: 'visible'}, []);
    tip.append(...saying(spot).map((line, k) => el(k ? 'span' : 'b', {}, line)));
    const left = drawn.getBoundingClientRect().left - sheet.getBoundingClientRect().left + middle * scale;
    const top = drawn.getBoundingClientRect().top - sheet.getBoundingClientRect().top + spot.y * scale;
    const beside = left + 12 + tip.offsetWidth <= sheet.clientWidth ? left + 12 : left - 12 - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(beside, sheet.clientWidth - tip.offsetWidth)) + 'px';
    tip.style.top = (top - 12 - tip.offsetHeight >= 0 ? top - 12 - tip.offsetHeight : top + 14) + 'px';
  };

  // nearest is the value that a pointer means, −1 for none. A value of a point goes before one across the panel.
  const nearest = event => {
    const box = drawn.getBoundingClientRect(), scale = box.width / view.width;
    const x = (event.clientX - box.left) / scale, y = (event.clientY - box.top) / scale;
    let best = -1, least = (event.pointerType === 'touch' ? touchReach : reach) / scale;
    all.forEach((spot, j) => {
      const [left, right] = spot.panel.x.at;
      const far = spot.x !== null ? Math.hypot(spot.x - x, spot.y - y) : x < left || x > right ? Infinity : Math.abs(spot.y - y) + 4 / scale;
      if (far < least) [best, least] = [j, far];
    });
    return best;
  };
  const point = event => {
    const j = nearest(event);
    if (j < 0) hide();
    else show(j);
  };
  sheet.addEventListener('pointermove', event => { if (event.pointerType !== 'touch') point(event); });
  sheet.addEventListener('pointerdown', point);
  sheet.addEventListener('pointerleave', event => { if (event.pointerType !== 'touch') hide(); });
  sheet.addEventListener('blur', hide);
  addEventListener('pointerdown', event => { if (!sheet.contains(event.target)) hide(); });

  // first is the value that begins the series after or before that of value j.
  const first = (j, step) => {
    const same = (a, b) => a.panel === b.panel && a.s === b.s;
    let k = j;
    while (all[k + step] && same(all[k], all[k + step])) k += step;
    if (!all[k += step]) return j;
    while (all[k - 1] && same(all[k], all[k - 1])) k--;
    return k;
  };
  sheet.addEventListener('keydown', event => {
    const at = Math.max(last, 0);
    const to = {ArrowRight: last + 1, ArrowLeft: at - 1, ArrowDown: last < 0 ? 0 : first(at, 1), ArrowUp: first(at, -1), Home: 0, End: all.length - 1}[event.key];
    if (event.key === 'Escape') hide();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(Math.max(0, Math.min(to, all.length - 1)));
  });
  return all;
}

// written is the picture as a file, which says each value as the title of a spot that is not seen.
function written(figure, all) {
  const copy = figure.querySelector('.sheet svg').cloneNode(true);
  copy.querySelectorAll('.ring').forEach(ring => ring.remove());
  for (const spot of all) {
    if (spot.x !== null) copy.append(svg('circle', {cx: spot.x.toFixed(1), cy: spot.y.toFixed(1), r: 3, fill: 'none', 'pointer-events': 'all'},
      svg('title', {}, saying(spot).join('\n'))));
  }
  return new Blob(['<?xml version="1.0"?>\n', new XMLSerializer().serializeToString(copy)], {type: 'image/svg+xml'});
}

// painted is an SVG as a PNG of 192 dots an inch.
async function painted(blob) {
  const image = new Image(), address = URL.createObjectURL(blob);
  image.src = address;
  await image.decode();
  const canvas = el('canvas', {width: 2 * image.naturalWidth, height: 2 * image.naturalHeight});
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise(done => canvas.toBlob(done, 'image/png'));
}

document.querySelectorAll('main figure').forEach((figure, k) => {
  const all = lively(figure, figures[k]);
  figure.querySelectorAll('button[data-as]').forEach(button => button.addEventListener('click', async () => {
    const picture = written(figure, all), as = button.dataset.as;
    save(figure.id.slice('figure-'.length) + '.' + as, as === 'png' ? await painted(picture) : picture);
  }));
});
document.documentElement.classList.add('scripted');
