// The data stand in the page as base64 of gzip of JSON: the columns of the table, the curves and counts of every trial, and
// the numbers of every figure.

async function unpacked(id) {
  const text = atob(byID(id).textContent), bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
}

// unread says why there is no table, and ends the script.
function unread(error) {
  byID('why').textContent = 'DecompressionStream' in globalThis
    ? 'The table of records is not shown, for its data cannot be read (' + error.message + ')'
    : 'The table of records is not shown, for this browser has no DecompressionStream to unpack it with';
  throw error;
}

const [columns, trials, figures] = await Promise.all(['records-data', 'trials-data', 'figures-data'].map(unpacked)).catch(unread);

