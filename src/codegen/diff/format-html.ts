import { escapeHtml } from '../../util/markup.js';
import { SCRIPT } from './html-script.js';
import { STYLE } from './html-style.js';
import { type ImpactReport, impactSections, impactSummary } from './impact-report.js';
import { kindOf } from './kinds.js';
import { type ComparedDocument, type Report, suggestVersion, summarize } from './report.js';
import { MEANING, operationIdsOf } from './text-parts.js';
import { type Change, type ChangedOperation, CLASSES } from './types.js';

/** For a person: one page that needs nothing else, with all changes by operation, to be filtered by class, operation and text. */
export function formatHtml({ changes, impact, documents }: Report): string {
  const { bump, reason } = suggestVersion(changes);
  const summary = summarize(changes);
  const classes = CLASSES.map((name) => {
    const checked = name === 'docs' ? '' : ' checked';
    return `<label class="box ${name}" title="${escapeHtml(MEANING[name])}"><input type="checkbox" name="class" value="${name}"${checked}> ${name} <b>${summary[name]}</b></label>`;
  });
  const operations = operationIdsOf(changes).sort();
  const compared = documents && [
    documentHtml('Before', documents.before),
    documentHtml('After', documents.after),
  ];
  const suggestion = `<p>Suggested version: <strong>${bump}</strong> (${escapeHtml(reason)}).</p>`;
  // It loads nothing: its style and its script are inside.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>API changes</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the changes</a>
<header>
<h1>API changes</h1>
${compared === undefined ? '' : `<dl class="documents">${compared.join('')}</dl>`}
${suggestion}
</header>
${impact === undefined ? '' : impactHtml(impact, changes)}
<form role="search" aria-label="Changes">
<fieldset class="row"><legend class="out">Classes</legend>${classes.join('')}</fieldset>
<div class="row">
<input type="search" name="q" placeholder="Search all texts" aria-label="Search all texts" autocomplete="off">
<input type="search" name="op" placeholder="Operation id" aria-label="Operation id" list="operations" autocomplete="off">
<datalist id="operations">${operations.map((id) => `<option value="${escapeHtml(id)}"></option>`).join('')}</datalist>
<button type="reset">Clear</button>
</div>
<div class="row foot"><output aria-live="polite"></output><span class="keys"><kbd>/</kbd> search, <kbd>j</kbd> and <kbd>k</kbd> next and previous change</span></div>
</form>
<main>
<div id="changes" tabindex="-1">
${groupsHtml(changes) || '<p>No changes.</p>'}
</div>
<p class="none" hidden>No change fits these filters.</p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function documentHtml(name: string, { path, sha256, retrievedAt }: ComparedDocument): string {
  const date =
    retrievedAt === undefined
      ? ''
      : `, pulled <time datetime="${escapeHtml(retrievedAt)}">${escapeHtml(retrievedAt.slice(0, 10))}</time>`;
  return `<div><dt>${name}</dt><dd><code>${escapeHtml(path)}</code> <small>SHA-256 <span title="${escapeHtml(sha256)}">${escapeHtml(sha256.slice(0, 12))}</span>${date}</small></dd></div>`;
}

function impactHtml(impact: ImpactReport, changes: readonly Change[]): string {
  const sections = impactSections(impact, changes).map(({ title, meaning, lines }) => {
    const items = lines.map(({ place, text }) => {
      const where = place === '' ? '' : `<code>${escapeHtml(place)}</code> `;
      return `<li>${where}${escapeHtml(text)}</li>`;
    });
    return `<h2>${title} <small>${lines.length}; ${escapeHtml(meaning)}</small></h2><ul>${items.join('')}</ul>`;
  });
  return `<section class="impact" aria-label="What the changes mean to the program"><p>${escapeHtml(impactSummary(impact))}</p>${sections.join('')}</section>`;
}

/** More operations than this are folded. */
const MOST_SHOWN = 6;

/** Writes the changes of the same operations together, in the order of their most severe change. */
function groupsHtml(changes: readonly Change[]): string {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = change.operations.map(({ method, path, operationId }) => `${operationId} ${method} ${path}`);
    groups.set(key.join(), [...(groups.get(key.join()) ?? []), change]);
  }
  // Names for addresses: operation and kind, and a number where there are several. The same report gives the same.
  const uses = new Map<string, number>();
  const idOf = ({ kind, operations }: Change) => {
    const name = `${operations[0]?.operationId ?? 'api'}.${kind}`;
    const count = (uses.get(name) ?? 0) + 1;
    uses.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  };
  const sections = [...groups.values()].map((group, index) => {
    const operations = group[0]?.operations ?? [];
    const [first, ...others] = operations;
    const isOne = first !== undefined && others.length === 0;
    const title = isOne
      ? operationHtml(first)
      : `${operations.length} operations <small>with the same ${group.length === 1 ? 'change' : 'changes'}</small>`;
    const list = isOne
      ? ''
      : `<details${operations.length <= MOST_SHOWN ? ' open' : ''}><summary>Operations</summary><ul class="operations">${operations.map((one) => `<li>${operationHtml(one)}</li>`).join('')}</ul></details>`;
    const names = escapeHtml(JSON.stringify(operations.map(({ operationId }) => operationId)));
    const entries = group.map((change) => changeHtml(change, idOf(change))).join('\n');
    return `<section class="group" aria-labelledby="group-${index}" data-operations="${names}"><h2 id="group-${index}">${title}</h2>${list}\n${entries}\n</section>`;
  });
  return sections.join('\n');
}

function operationHtml({ operationId, method, path }: ChangedOperation): string {
  const id = escapeHtml(operationId);
  return `<button type="button" data-filter="${id}" title="Only changes to ${id}">${id}</button> <span class="call"><span class="method">${escapeHtml(method)}</span> ${escapeHtml(path)}</span>`;
}

/** Writes a change with the older and the newer value side by side. */
function changeHtml({ class: name, kind, field, at, before, after }: Change, id: string): string {
  const { says, todo } = kindOf(kind);
  // A field has its name between back-ticks, which a name itself never has.
  const pieces = field.split(/`([^`]*)`/).map(escapeHtml);
  const fieldHtml = pieces
    .map((piece, index) => (index % 2 === 1 ? `<code>${piece}</code>` : piece))
    .join('');
  const title = `<span class="badge ${name}">${name}</span> ${fieldHtml} ${escapeHtml(says)}`;
  const side = (label: string, value: string | null) =>
    `<div><dt>${label}</dt><dd>${value === null ? '<span class="nothing">nothing</span>' : `<code>${escapeHtml(value)}</code>`}</dd></div>`;
  const hasValues = before !== null || after !== null;
  const values = hasValues ? `<dl class="sides">${side('before', before)}${side('after', after)}</dl>` : '';
  const place = `<code>${escapeHtml(at || '(the operation)')}</code> <span class="kind">${escapeHtml(kind)}</span>`;
  const link = `<a href="#show=${escapeHtml(encodeURIComponent(id))}">Link<span class="out"> to ${escapeHtml(id)}</span></a>`;
  return `<article class="change" id="${escapeHtml(id)}" data-class="${name}" tabindex="-1"><h3>${title}</h3><p class="todo">${escapeHtml(todo)}</p>${values}<p class="place">${place} ${link}</p></article>`;
}
