/**
 * The script of the page: filters, keys, and an address to hand on. The address keeps the filters behind the `#`, which a page
 * from a disk may change too.
 */
export const SCRIPT = `
const form = document.querySelector('form');
const { q: text, op: operation } = form.elements;
const boxes = [...form.querySelectorAll('input[type=checkbox]')];
const counts = new Map(boxes.map((box) => [box.value, box.parentElement.querySelector('b')]));
const groups = [...document.querySelectorAll('.group')].map((node) => {
  const operations = JSON.parse(node.dataset.operations);
  const title = [...node.querySelectorAll('h2, .operations')].map((each) => each.textContent).join(' ').toLowerCase();
  const entries = [...node.querySelectorAll('.change')].map((change) => ({
    node: change,
    class: change.dataset.class,
    text: title + ' ' + change.textContent.toLowerCase(),
  }));
  return { node, operations: new Set(operations), entries };
});
const known = new Set(groups.flatMap(({ operations }) => [...operations]));
const usual = boxes.filter((box) => box.defaultChecked).map((box) => box.value).join();
const all = groups.reduce((sum, { entries }) => sum + entries.length, 0);
let show = '';
function apply() {
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const wanted = operation.value.trim();
  const partly = wanted.toLowerCase();
  const fits = (ids) => wanted === '' || (known.has(wanted) ? ids.has(wanted)
    : [...ids].some((id) => id.toLowerCase().includes(partly)));
  const classes = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const found = new Map();
  let shown = 0;
  for (const { node, operations, entries } of groups) {
    const isMeant = fits(operations);
    let any = false;
    for (const entry of entries) {
      const fitting = isMeant && words.every((word) => entry.text.includes(word));
      if (fitting) found.set(entry.class, (found.get(entry.class) ?? 0) + 1);
      const isOn = fitting && classes.has(entry.class);
      entry.node.hidden = !isOn;
      entry.node.classList.toggle('target', entry.node.id === show);
      if (isOn) { shown += 1; any = true; }
    }
    node.hidden = !any;
  }
  for (const [name, count] of counts) count.textContent = found.get(name) ?? 0;
  document.querySelector('.none').hidden = shown > 0 || all === 0;
  document.querySelector('output').textContent = shown + ' of ' + all + ' changes';
}
function remember() {
  const state = new URLSearchParams();
  const classes = boxes.filter((box) => box.checked).map((box) => box.value).join();
  if (text.value) state.set('q', text.value);
  if (operation.value) state.set('op', operation.value);
  if (classes !== usual) state.set('class', classes);
  if (show) state.set('show', show);
  history.replaceState(null, '', '#' + state);
}
function read() {
  if (location.hash === '#changes') return;
  const state = new URLSearchParams(location.hash.slice(1));
  const classes = new Set((state.get('class') ?? usual).split(','));
  text.value = state.get('q') ?? '';
  operation.value = state.get('op') ?? '';
  show = state.get('show') ?? '';
  const node = show ? document.getElementById(show) : null;
  const isChange = node?.matches('.change') === true;
  if (isChange) classes.add(node.dataset.class);
  for (const box of boxes) box.checked = classes.has(box.value);
  apply();
  if (isChange) go(node);
}
function go(node) {
  node.scrollIntoView({ block: 'center' });
  node.focus({ preventScroll: true });
}
function step(by) {
  const shown = groups.flatMap(({ entries }) => entries).map(({ node }) => node).filter((node) => !node.hidden);
  const at = shown.indexOf(document.activeElement?.closest('.change'));
  const next = shown[at === -1 ? (by > 0 ? 0 : shown.length - 1) : at + by];
  if (next) go(next);
}
function change() { show = ''; apply(); remember(); }
form.addEventListener('input', change);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(change));
addEventListener('hashchange', read);
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-filter]');
  if (!button) return;
  operation.value = button.dataset.filter;
  change();
  form.scrollIntoView();
  operation.focus();
});
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input')) return;
  if (event.key === 'j') step(1);
  else if (event.key === 'k') step(-1);
  else if (event.key === '/') { event.preventDefault(); text.focus(); }
});
apply();
read();
`;
