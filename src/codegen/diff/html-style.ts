/** The style of the page; colours keep a contrast of 4.5 to their background, in the light and in the dark. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --card: #fafbfc; --text: #1c2126; --line: #d5dae0; --code: #eceff3; --dim: #56606a;
  --wire: #b3191c; --type: #805000; --sunset: #0b6170; --error-body: #7724a0; --added: #1b6a20; --docs: #4f5d6b;
  --focus: #0b5cc2; }
@media (prefers-color-scheme: dark) { :root { --back: #14181d; --card: #1b2027; --text: #e6eaee; --line: #39424d; --code: #29313b;
  --dim: #a6b0ba; --wire: #ff9a92; --type: #f2bd62; --sunset: #6fd3e3; --error-body: #dda6ff; --added: #8bd68f; --docs: #aab6c2;
  --focus: #8bb9ff; } }
* { box-sizing: border-box; }
body { background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem;
  overflow-wrap: anywhere; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
header p { margin: .5rem 0 1rem; }
small { color: var(--dim); font-weight: normal; }
:focus-visible { border-radius: .3rem; outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { background: var(--back); left: 1rem; padding: .5rem; position: absolute; top: -5rem; z-index: 2; }
.skip:focus { top: .5rem; }
.out { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
dl, dd { margin: 0; } dt { color: var(--dim); font-size: .85rem; }
.documents, .sides { display: grid; gap: .5rem 1rem; grid-template-columns: 1fr 1fr; }
.documents > div, .sides > div { min-width: 0; }
form { background: var(--back); border-bottom: 1px solid var(--line); padding: .75rem 0 .5rem; position: sticky; top: 0; z-index: 1; }
fieldset { border: 0; margin: 0; min-width: 0; padding: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem; }
.foot { color: var(--dim); font-size: .9rem; justify-content: space-between; margin: 0; }
kbd { border: 1px solid var(--line); border-radius: .25rem; font: .85em ui-monospace, monospace; padding: 0 .3em; }
input[type=search], button { background: var(--back); border: 1px solid var(--line); border-radius: .4rem; color: inherit; font: inherit;
  min-height: 2.25rem; padding: .3rem .6rem; }
input[type=search] { flex: 1 1 12rem; min-width: 0; }
input::placeholder { color: var(--dim); opacity: 1; }
button { cursor: pointer; }
.box { border: 1px solid currentColor; border-radius: 1rem; cursor: pointer; padding: .15rem .7rem; white-space: nowrap; }
.box:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.box.wire input { accent-color: var(--wire); } .box.type input { accent-color: var(--type); }
.box.sunset input { accent-color: var(--sunset); } .box.error-body input { accent-color: var(--error-body); }
.box.added input { accent-color: var(--added); } .box.docs input { accent-color: var(--docs); }
.box input:focus-visible { outline: none; }
.wire { color: var(--wire); } .type { color: var(--type); } .sunset { color: var(--sunset); } .error-body { color: var(--error-body); }
.added { color: var(--added); } .docs { color: var(--docs); }
.group { margin: 1.5rem 0 0; }
.impact { margin-top: 1rem; }
.group > h2 { border-top: 1px solid var(--line); font-size: 1.05rem; line-height: 1.35; margin: 0 0 .5rem; padding-top: 1rem; }
.group button { background: none; border: 0; color: var(--focus); font-weight: 700; min-height: 1.6rem; padding: 0; text-align: left;
  text-decoration: underline; text-underline-offset: .15em; }
.group:first-child > h2 { border-top: 0; padding-top: 0; }
.call { color: var(--dim); font: .9rem/1.5 ui-monospace, monospace; }
.method { font-weight: 700; }
.operations { line-height: 1.9; margin: .25rem 0 .5rem; padding-left: 1.25rem; }
details > summary { cursor: pointer; margin-bottom: .5rem; width: fit-content; }
.change { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--line); border-radius: .4rem;
  contain-intrinsic-size: auto 9rem; content-visibility: auto; margin: 0 0 .6rem; padding: .6rem .8rem; scroll-margin: 11rem 0 2rem; }
.change[data-class=wire] { border-left-color: var(--wire); } .change[data-class=type] { border-left-color: var(--type); }
.change[data-class=sunset] { border-left-color: var(--sunset); }
.change[data-class=error-body] { border-left-color: var(--error-body); }
.change[data-class=added] { border-left-color: var(--added); } .change[data-class=docs] { border-left-color: var(--docs); }
.change.target { outline: 2px solid var(--focus); outline-offset: 1px; }
.change h3 { font-size: 1rem; font-weight: 600; margin: 0; }
.badge { border: 1px solid currentColor; border-radius: .8rem; display: inline-block; font-size: .75rem; line-height: 1.4;
  margin-right: .25rem; padding: 0 .5rem; }
.change p { margin: .2rem 0; } .todo { color: var(--dim); }
.sides { margin: .5rem 0; }
.sides dd { background: var(--code); border-radius: .3rem; min-height: 2.1rem; padding: .25rem .5rem; }
.sides dd code { background: none; padding: 0; }
.nothing { color: var(--dim); font-style: italic; }
.place { align-items: baseline; color: var(--dim); display: flex; flex-wrap: wrap; font-size: .85rem; gap: .15rem .75rem; }
.place a { padding: .2rem 0; }
code { background: var(--code); border-radius: .25rem; font: .88em ui-monospace, monospace; padding: .1em .25em; }
a { color: var(--focus); }
.impact { border-left: .3rem solid var(--wire); margin: 0 0 .75rem; padding-left: .75rem; }
.impact h2 { font-size: 1rem; margin: .75rem 0 .25rem; } .impact p { margin: 0; } .impact ul { margin: 0; padding-left: 1.25rem; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { .documents, .sides { grid-template-columns: 1fr; } .keys { display: none; }
  .change { padding: .5rem .6rem; } }
@media (max-width: 40rem), (max-height: 40rem) { form { position: static; } .change { scroll-margin: 1rem 0; } }
@media print { form, .skip { display: none; } .change { break-inside: avoid; content-visibility: visible; } }
`;
