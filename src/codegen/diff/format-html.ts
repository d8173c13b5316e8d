import { escapeHtml } from '../../util/markup.js';
import { page } from './html-page.js';
import { impactSections, impactSummary } from './impact-lines.js';
import type { ImpactReport } from './impact-report.js';
import { kindOf } from './kinds.js';
import { type ComparedDocument, type Report, suggestVersion, summarize } from './report.js';
import { MEANING } from './text-parts.js';
import { type Change, type ChangeClass, type ChangedOperation, CLASSES } from './types.js';

/** For a person: one page that needs nothing else, with all changes by operation, to be filtered by class, operation and text. */
export function formatHtml({ changes, impact, documents }: Report): string {
  const { bump, reason } = suggestVersion(changes);
  const summary = summarize(changes);
  const idOf = createIds();
  const operations = [
    ...new Set(changes.flatMap((change) => change.operations.map((one) => one.operationId))),
  ].sort();
  return page({
    documents:
      documents === undefined
        ? ''
        : `<dl class="documents">${documentHtml('Before', documents.before)}${documentHtml('After', documents.after)}</dl>`,
    suggestion: `Suggested version: <strong>${bump}</strong> (${escapeHtml(reason)}).`,
    classes: CLASSES.map((name) => classBox(name, summary[name])).join(''),
    operations: operations.map((id) => `<option value="${escapeHtml(id)}"></option>`).join(''),
    impact: impact === undefined ? '' : impactHtml(impact, changes),
    changes:
      groupsOf(changes)
        .map((group, index) => groupHtml(group, index, idOf))
        .join('\n') || '<p>No changes.</p>',
  });
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

function classBox(name: ChangeClass, count: number): string {
  const checked = name === 'docs' ? '' : ' checked';
  return `<label class="box ${name}" title="${escapeHtml(MEANING[name])}"><input type="checkbox" name="class" value="${name}"${checked}> ${name} <b>${count}</b></label>`;
}

/** Changes of the same operations, the most severe first; the groups in the order of their most severe. */
function groupsOf(changes: readonly Change[]): Change[][] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = change.operations
      .map(({ method, path, operationId }) => `${operationId} ${method} ${path}`)
      .join();
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()];
}

/** More operations than this are folded. */
const MOST_SHOWN = 6;

function groupHtml(group: readonly Change[], index: number, idOf: (change: Change) => string): string {
  const operations = group[0]?.operations ?? [];
  const [first] = operations;
  const title =
    operations.length === 1 && first !== undefined
      ? operationHtml(first)
      : `${operations.length} operations <small>with the same ${group.length === 1 ? 'change' : 'changes'}</small>`;
  const list =
    operations.length === 1
      ? ''
      : `<details${operations.length <= MOST_SHOWN ? ' open' : ''}><summary>Operations</summary><ul class="operations">${operations.map((one) => `<li>${operationHtml(one)}</li>`).join('')}</ul></details>`;
  const names = escapeHtml(JSON.stringify(operations.map(({ operationId }) => operationId)));
  const entries = group.map((change) => entry(change, idOf(change))).join('\n');
  return `<section class="group" aria-labelledby="group-${index}" data-operations="${names}"><h2 id="group-${index}">${title}</h2>${list}\n${entries}\n</section>`;
}

function operationHtml({ operationId, method, path }: ChangedOperation): string {
  const id = escapeHtml(operationId);
  return `<button type="button" data-filter="${id}" title="Only changes to ${id}">${id}</button> <span class="call"><span class="method">${escapeHtml(method)}</span> ${escapeHtml(path)}</span>`;
}

function entry(change: Change, id: string): string {
  const { says, todo } = kindOf(change.kind);
  const title = `<span class="badge ${change.class}">${change.class}</span> ${fieldHtml(change.field)} ${escapeHtml(says)}`;
  const place = `<code>${escapeHtml(change.at || '(the operation)')}</code> <span class="kind">${escapeHtml(change.kind)}</span>`;
  const link = `<a href="#show=${escapeHtml(encodeURIComponent(id))}">Link<span class="out"> to ${escapeHtml(id)}</span></a>`;
  return `<article class="change" id="${escapeHtml(id)}" data-class="${change.class}" tabindex="-1"><h3>${title}</h3><p class="todo">${escapeHtml(todo)}</p>${valuesOf(change)}<p class="place">${place} ${link}</p></article>`;
}

/** What was and what is, side by side. */
function valuesOf({ before, after }: Change): string {
  if (before === null && after === null) return '';
  const side = (name: string, value: string | null) =>
    `<div><dt>${name}</dt><dd>${value === null ? '<span class="nothing">nothing</span>' : `<code>${escapeHtml(value)}</code>`}</dd></div>`;
  return `<dl class="sides">${side('before', before)}${side('after', after)}</dl>`;
}

/** Names for addresses: operation and kind, and a number where there are several. The same report gives the same. */
function createIds(): (change: Change) => string {
  const uses = new Map<string, number>();
  return ({ kind, operations }) => {
    const name = `${operations[0]?.operationId ?? 'api'}.${kind}`;
    const count = (uses.get(name) ?? 0) + 1;
    uses.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  };
}

/** A field has its name between back-ticks, which a name itself never has. */
function fieldHtml(field: string): string {
  return field
    .split(/`([^`]*)`/)
    .map((piece, index) => (index % 2 === 1 ? `<code>${escapeHtml(piece)}</code>` : escapeHtml(piece)))
    .join('');
}
