import { escapeHtml } from '../../util/markup.js';
import type { CoverageData, OperationCoverage, Share } from './coverage.js';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --done: #1b7a34; --refused: #b3261e; --open: #66707c; }
@media (prefers-color-scheme: dark) { :root { --done: #7ed491; --refused: #ff8f86; --open: #a3adb8; } }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 .4rem; display: flex; gap: .6rem; align-items: baseline; }
h2 small { color: var(--open); font-weight: normal; }
.shares { display: flex; flex-wrap: wrap; gap: .75rem 2rem; margin-bottom: .75rem; }
.shares div { flex: 1 1 16rem; }
progress { accent-color: var(--done); display: block; height: .7rem; width: 100%; }
nav { display: flex; flex-wrap: wrap; gap: .3rem; margin-top: 1rem; }
nav a { border: 1px solid var(--line); border-radius: .25rem; color: inherit; font-size: .85rem; padding: 0 .4rem; text-decoration: none; }
nav a:hover, nav a:focus-visible { border-color: currentcolor; } nav small { color: var(--open); }
nav .done { border-color: var(--done); color: var(--done); } nav .open { color: var(--open); }
.legend { color: var(--open); display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .85rem; }
ul { display: grid; gap: .4rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); list-style: none;
  margin: 0; padding: 0; }
li { background: var(--soft); border-left: .3rem solid var(--open); border-radius: .3rem; padding: .35rem .6rem; }
li.done { border-color: var(--done); } li.refused { border-color: var(--refused); }
.id { font-weight: 600; } .path { color: var(--open); font: .8rem ui-monospace, monospace; }
.note { font-size: .8rem; } .open > .note b { color: var(--open); font-weight: normal; } .done > .note b { color: var(--done); } .refused > .note b { color: var(--refused); }
.statuses { display: flex; flex-wrap: wrap; gap: .25rem; margin-top: .25rem; }
.statuses span { border: 1px solid var(--line); border-radius: .25rem; color: var(--open); font-size: .78rem; padding: 0 .35rem; }
.statuses .seen { border-color: var(--done); color: var(--done); font-weight: 600; }
.statuses .extra { border-style: dashed; }
`;

/** Writes the whole document as one page without other files: exercised, only refused, and never touched operations. */
export function renderCoverage({ title, operations, responses, entries }: CoverageData): string {
  const groups = new Map<string, OperationCoverage[]>();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  const [links, sections]: [string[], string[]] = [[], []];
  for (const [group, members] of groups) {
    const name = escapeHtml(group);
    const id = `group-${links.length}`;
    const done = members.filter(({ accepted }) => accepted > 0).length;
    const state = done === members.length ? 'done' : done === 0 ? 'open' : '';
    // A group of hundreds is far down the page: the links show which groups are done and which were forgotten.
    links.push(`<a class="${state}" href="#${id}">${name} <small>${done}/${members.length}</small></a>`);
    sections.push(`<section id="${id}"><h2>${name} <small>${done} of ${members.length}</small></h2><ul>
${members.map(renderOperation).join('\n')}</ul></section>`);
  }
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the tests touched of ${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1>What the tests touched of ${escapeHtml(title)}</h1>
<div class="shares">${shareBar('Operations exercised', operations)}${shareBar('Documented responses seen', responses)}</div>
<p class="legend"><span>Green bar: a request passed every check.</span><span>Red bar: every request was
refused.</span><span>Grey bar: never touched.</span><span>Green status: the number of responses. Dashed: not in the document.</span></p>
<nav aria-label="Groups">${links.join(' ')}</nav>
<main>${sections.join('\n')}</main>
</body></html>
`;
}

function shareBar(label: string, { touched, total, percent }: Share): string {
  const text = `${label}: ${touched} of ${total} (${percent.toFixed(1)} %)`;
  return `<div><label>${text}<progress max="100" value="${percent.toFixed(1)}"></progress></label></div>`;
}

function renderOperation(entry: OperationCoverage): string {
  const { operationId, method, path, accepted, refused, deprecated, summary, responses } = entry;
  const state = accepted > 0 ? 'done' : refused > 0 ? 'refused' : 'open';
  const facts = [
    ...(accepted > 0 ? [`${accepted} checked and answered`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(state === 'open' ? ['never touched'] : []),
    ...(deprecated ? ['deprecated'] : []),
  ];
  const badges = responses.map(({ status, documented, count }) => {
    const classes = [...(count > 0 ? ['seen'] : []), ...(documented ? [] : ['extra'])].join(' ');
    return `<span class="${classes}">${escapeHtml(status)}${count > 0 ? ` x${count}` : ''}</span>`;
  });
  return `<li class="${state}" title="${escapeHtml(summary)}"><div class="id">${escapeHtml(operationId)}</div>
<div class="path">${escapeHtml(`${method} ${path}`).replaceAll('/', '<wbr>/')}</div><div class="note"><b>${facts.join(', ')}</b></div>
<div class="statuses">${badges.join('')}</div></li>`;
}
