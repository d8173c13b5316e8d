/** The style of the page; colours keep a contrast of 4.5 to their background, in the light and in the dark. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8885; --soft: #8882; --dim: #5c6670; --wire: #b71c1c; --type: #8a5300;
  --error-body: #7b1fa2; --added: #1b6e20; --docs: #546472; --focus: #0b63ce; }
@media (prefers-color-scheme: dark) { :root { --dim: #a3adb7; --wire: #ff8a80; --type: #ffc46b; --error-body: #dd9dff;
  --added: #8fd694; --docs: #a9b6c2; --focus: #8ab8ff; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
header p { margin: .25rem 0 .75rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
h2 small { color: var(--dim); font-weight: normal; }
:focus-visible { border-radius: .3rem; outline: 3px solid var(--focus); outline-offset: 2px; }
form { background: Canvas; border-bottom: 1px solid var(--line); padding: .75rem 0 .5rem; position: sticky; top: 0; z-index: 1; }
@media (max-width: 40rem), (max-height: 30rem) { form { position: static; } }
fieldset { border: 0; margin: 0; padding: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem; }
.out { height: 1px; overflow: hidden; position: absolute; width: 1px; }
input[type=search], button { background: Canvas; border: 1px solid var(--line); border-radius: .4rem; color: inherit; font: inherit;
  padding: .4rem .6rem; }
input[type=search] { flex: 1 1 12rem; min-width: 0; }
button { cursor: pointer; }
.box { border: 1px solid currentColor; border-radius: 1rem; cursor: pointer; padding: .15rem .7rem; }
.box:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.box input { accent-color: currentColor; }
output { color: var(--dim); font-size: .9rem; }
.wire { color: var(--wire); } .type { color: var(--type); } .error-body { color: var(--error-body); }
.added { color: var(--added); } .docs { color: var(--docs); }
.change { border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 4.5rem; padding: .5rem 0;
  scroll-margin-top: 10rem; }
.change > summary { cursor: pointer; padding: .1rem .3rem .1rem 1.4rem; text-indent: -1.1rem; }
.change > summary:focus-visible { outline-offset: -3px; }
.change > summary > * { text-indent: 0; }
.change.target { background: var(--soft); }
.op { font-weight: 600; } .kind { color: var(--dim); display: inline-block; font-size: .85rem; }
.say, .todo { display: block; } .todo { color: var(--dim); } .todo::before { content: "→ "; }
code { background: var(--soft); border-radius: .25rem; font-size: .88em; padding: .1em .25em; }
.more { margin: .5rem 0 .25rem 1.4rem; }
dl { display: grid; gap: .25rem .75rem; grid-template-columns: max-content 1fr; margin: 0 0 .5rem; }
dt { color: var(--dim); } dd { margin: 0; }
ul { margin: .5rem 0; padding-left: 1.25rem; }
.more li { margin-bottom: .35rem; }
.more button { background: none; border: 0; font-weight: 600; padding: 0; text-align: left; text-decoration: underline; }
a { color: var(--focus); }
.impact { border-left: 4px solid var(--wire); margin: 0 0 .75rem; padding-left: .75rem; }
[hidden] { display: none; }
@media print { form { display: none; } .change { content-visibility: visible; } }
`;
