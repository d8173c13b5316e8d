/**
 * The script of the page: filters, and an address that can be handed on. What is shown is kept behind the `#`, which a page
 * that was opened from a disk may change too.
 */
export const SCRIPT = `
const form = document.querySelector('form');
const { q: text, op: operation } = form.elements;
const boxes = [...form.querySelectorAll('input[type=checkbox]')];
const counts = new Map(boxes.map((box) => [box.value, box.parentElement.querySelector('b')]));
const entries = [...document.querySelectorAll('.change')].map((node) => ({
  node,
  class: node.parentElement.dataset.class,
  text: node.textContent.toLowerCase(),
  title: node.querySelector('.op'),
  operations: new Set([...node.querySelectorAll('[data-op]')].map((item) => item.dataset.op)),
}));
const known = new Set(entries.flatMap(({ operations }) => [...operations]));
const usual = boxes.filter((box) => box.defaultChecked).map((box) => box.value).join();
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
  for (const entry of entries) {
    const fitting = fits(entry.operations) && words.every((word) => entry.text.includes(word));
    if (fitting) found.set(entry.class, (found.get(entry.class) ?? 0) + 1);
    const isOn = fitting && classes.has(entry.class);
    entry.node.hidden = !isOn;
    entry.node.classList.toggle('target', entry.node.id === show);
    if (isOn) shown += 1;
    // Whoever asks for an operation reads its name, and not that of the first that the change touches.
    const [first] = entry.operations;
    const others = entry.operations.size - 1;
    const name = entry.operations.has(wanted) ? wanted : first;
    entry.title.textContent = others > 0 ? name + ' +' + others + ' more' : name;
  }
  for (const [name, count] of counts) count.textContent = found.get(name) ?? 0;
  for (const section of document.querySelectorAll('section')) {
    section.hidden = section.querySelector('.change:not([hidden])') === null;
  }
  document.querySelector('.none').hidden = shown > 0 || entries.length === 0;
  document.querySelector('output').textContent = shown + ' of ' + entries.length + ' changes';
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
  const state = new URLSearchParams(location.hash.slice(1));
  const classes = new Set((state.get('class') ?? usual).split(','));
  text.value = state.get('q') ?? '';
  operation.value = state.get('op') ?? '';
  show = state.get('show') ?? '';
  const node = show ? document.getElementById(show) : null;
  if (node?.matches('.change')) classes.add(node.parentElement.dataset.class);
  for (const box of boxes) box.checked = classes.has(box.value);
  apply();
  if (!node?.matches('.change')) return;
  node.open = true;
  node.scrollIntoView({ block: 'center' });
  node.querySelector('summary').focus({ preventScroll: true });
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
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input')) return;
  event.preventDefault();
  text.focus();
});
read();
`;
