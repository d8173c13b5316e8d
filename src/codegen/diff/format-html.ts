import { escapeHtml } from '../../util/markup.js';
import { type Piece, wordsOf } from './advice.js';
import { page } from './html-page.js';
import { impactSections, impactSummary } from './impact-lines.js';
import type { ImpactReport } from './impact-report.js';
import { suggestVersion, summarize } from './report.js';
import { byClass, MEANING } from './text-parts.js';
import { type Change, type ChangeClass, CLASSES } from './types.js';

/** For a person: one page that needs nothing else, with all changes, to be filtered by class, operation and text. */
export function formatHtml(changes: readonly Change[], impact?: ImpactReport): string {
  const { bump, reason } = suggestVersion(changes);
  const summary = summarize(changes);
  const idOf = createIds();
  const operations = [
    ...new Set(changes.flatMap((change) => change.operations.map((one) => one.operationId))),
  ].sort();
  return page({
    suggestion: `Suggested version: <strong>${bump}</strong> (${escapeHtml(reason)}).`,
    classes: CLASSES.map((name) => classBox(name, summary[name])).join(''),
    operations: operations.map((id) => `<option value="${escapeHtml(id)}"></option>`).join(''),
    impact: impact === undefined ? '' : impactHtml(impact, changes),
    changes:
      byClass(changes)
        .map(([name, found]) => section(name, found, idOf))
        .join('\n') || '<p>No changes.</p>',
  });
}

function impactHtml(impact: ImpactReport, changes: readonly Change[]): string {
  const sections = impactSections(impact, changes).map(({ title, meaning, lines }) => {
    const items = lines.map(
      ({ place, text }) => `<li><code>${escapeHtml(place)}</code> ${escapeHtml(text)}</li>`,
    );
    return `<h2>${title} <small>${lines.length}; ${escapeHtml(meaning)}</small></h2><ul>${items.join('')}</ul>`;
  });
  return `<div class="impact"><p>${escapeHtml(impactSummary(impact))}</p>${sections.join('')}</div>`;
}

function classBox(name: ChangeClass, count: number): string {
  const checked = name === 'docs' ? '' : ' checked';
  return `<label class="box ${name}" title="${escapeHtml(MEANING[name])}"><input type="checkbox" name="class" value="${name}"${checked}> ${name} <b>${count}</b></label>`;
}

function section(name: ChangeClass, changes: readonly Change[], idOf: (change: Change) => string): string {
  const entries = changes.map((change) => entry(change, idOf(change))).join('\n');
  return `<section data-class="${name}"><h2 class="${name}">${name} <small>${escapeHtml(MEANING[name])}</small></h2>\n${entries}\n</section>`;
}

function entry(change: Change, id: string): string {
  const [first, ...others] = change.operations;
  const title = `${first?.operationId ?? ''}${others.length > 0 ? ` +${others.length} more` : ''}`;
  const { says, todo } = wordsOf(change);
  const said = `${fieldHtml(change.field)} ${says.map(pieceHtml).join('')}`;
  const rows = change.operations.map(({ operationId, method, path, at }) => {
    const name = escapeHtml(operationId);
    return `<li data-op="${name}"><button type="button" data-filter="${name}" title="Only changes to ${name}">${name}</button> ${escapeHtml(`${method} ${path}`)}<br><code>${escapeHtml(at || '(the operation)')}</code></li>`;
  });
  const summary = `<summary><span class="op">${escapeHtml(title)}</span> <span class="kind">${escapeHtml(change.kind)}</span><span class="say">${said}</span><span class="todo">${escapeHtml(todo)}</span></summary>`;
  return `<details class="change" id="${escapeHtml(id)}">${summary}<div class="more">${valuesOf(change)}<ul>${rows.join('')}</ul><a href="#show=${escapeHtml(encodeURIComponent(id))}">Link to this change</a></div></details>`;
}

/** What was and what is; the sentence has them too, but not in full where they are long. */
function valuesOf({ before, after }: Change): string {
  const rows = [
    ['before', before],
    ['after', after],
  ].flatMap(([name, value]) =>
    typeof value === 'string' ? [`<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>`] : [],
  );
  return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
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

function pieceHtml(piece: Piece): string {
  return typeof piece === 'string' ? escapeHtml(piece) : `<code>${escapeHtml(piece.text)}</code>`;
}

/** A field has its name between back-ticks, which a name itself never has. */
function fieldHtml(field: string): string {
  return field
    .split(/`([^`]*)`/)
    .map((piece, index) => (index % 2 === 1 ? `<code>${escapeHtml(piece)}</code>` : escapeHtml(piece)))
    .join('');
}
