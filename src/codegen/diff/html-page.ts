/** The parts of the page that a comparison fills in; all of it is HTML already. */
export interface PageParts {
  readonly suggestion: string;
  /** What the changes mean to a program; empty where none was named. */
  readonly impact: string;
  readonly classes: string;
  readonly operations: string;
  readonly changes: string;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --wire: #c62828; --type: #b26a00; --error-body: #8e24aa;
  --added: #2e7d32; --docs: #607080; }
@media (prefers-color-scheme: dark) { :root { --wire: #ff8a80; --type: #ffc46b; --error-body: #dd9dff; --added: #8fd694;
  --docs: #a9b6c2; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
h2 small { color: GrayText; font-weight: normal; }
form { background: Canvas; border-bottom: 1px solid var(--line); padding: .75rem 0; position: sticky; top: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem; }
input[type=search] { border: 1px solid var(--line); border-radius: .4rem; flex: 1 1 12rem; font: inherit; min-width: 0;
  padding: .4rem .6rem; }
.box { border: 1px solid currentColor; border-radius: 1rem; cursor: pointer; padding: .15rem .7rem; }
.wire { color: var(--wire); } .type { color: var(--type); } .error-body { color: var(--error-body); }
.added { color: var(--added); } .docs { color: var(--docs); }
.change { border-top: 1px solid var(--line); padding: .5rem 0; }
.change > summary { cursor: pointer; list-style-position: outside; margin-left: 1rem; }
.op { font-weight: 600; } .kind { color: GrayText; font-size: .85rem; }
code { background: var(--soft); border-radius: .25rem; font-size: .88em; padding: .1em .25em; }
ul { margin: .5rem 0; padding-left: 1.5rem; }
[hidden] { display: none; }
`;

const SCRIPT = `
const form = document.querySelector('form');
const [text, operation] = form.querySelectorAll('input[type=search]');
const entries = [...document.querySelectorAll('.change')].map((node) => ({
  node,
  text: node.textContent.toLowerCase(),
  operations: new Set([...node.querySelectorAll('[data-op]')].map((item) => item.dataset.op)),
}));
const known = new Set(entries.flatMap(({ operations }) => [...operations]));
function apply() {
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const wanted = operation.value.trim();
  const partly = wanted.toLowerCase();
  const fits = (ids) => wanted === '' || (known.has(wanted) ? ids.has(wanted)
    : [...ids].some((id) => id.toLowerCase().includes(partly)));
  const classes = new Set([...form.querySelectorAll('input:checked')].map((input) => input.value));
  let shown = 0;
  for (const entry of entries) {
    const isOn = classes.has(entry.node.parentElement.dataset.class) && fits(entry.operations)
      && words.every((word) => entry.text.includes(word));
    entry.node.hidden = !isOn;
    if (isOn) shown += 1;
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = section.querySelector('.change:not([hidden])') === null;
  }
  document.querySelector('output').textContent = shown + ' of ' + entries.length + ' changes';
}
form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
apply();
`;

/** Puts the page together: its style and its script are inside, and it may load nothing. */
export function page({ suggestion, impact, classes, operations, changes }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>API changes</title>
<style>${STYLE}</style>
</head>
<body>
<h1>API changes</h1>
<p>${suggestion}</p>
${impact}
<form>
<div class="row">${classes}</div>
<div class="row">
<input type="search" placeholder="Search" aria-label="Search all texts">
<input type="search" placeholder="Operation id" aria-label="Operation id" list="operations">
<datalist id="operations">${operations}</datalist>
</div>
<output></output>
</form>
${changes}
<script>${SCRIPT}</script>
</body>
</html>
`;
}
