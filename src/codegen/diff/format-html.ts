import { sentenceOf } from './advice.js';
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
        .map(([name, found]) => section(name, found))
        .join('\n') || '<p>No changes.</p>',
  });
}

function impactHtml(impact: ImpactReport, changes: readonly Change[]): string {
  const sections = impactSections(impact, changes).map(({ title, meaning, lines }) => {
    const items = lines.map(
      ({ place, text }) => `<li><code>${escapeHtml(place)}</code> ${inline(text)}</li>`,
    );
    return `<h2>${title} <small>${lines.length}; ${escapeHtml(meaning)}</small></h2><ul>${items.join('')}</ul>`;
  });
  return `<div class="impact"><p>${escapeHtml(impactSummary(impact))}</p>${sections.join('')}</div>`;
}

function classBox(name: ChangeClass, count: number): string {
  const checked = name === 'docs' ? '' : ' checked';
  return `<label class="box ${name}" title="${escapeHtml(MEANING[name])}"><input type="checkbox" value="${name}"${checked}> ${name} <b>${count}</b></label>`;
}

function section(name: ChangeClass, changes: readonly Change[]): string {
  const entries = changes.map(entry).join('\n');
  return `<section data-class="${name}"><h2 class="${name}">${name} <small>${escapeHtml(MEANING[name])}</small></h2>\n${entries}\n</section>`;
}

function entry(change: Change): string {
  const [first, ...others] = change.operations;
  const title = `${first?.operationId ?? ''}${others.length > 0 ? ` +${others.length} more` : ''}`;
  const rows = change.operations.map(
    ({ operationId, method, path, at }) =>
      `<li data-op="${escapeHtml(operationId)}"><b>${escapeHtml(operationId)}</b> ${escapeHtml(`${method} ${path}`)}<br><code>${escapeHtml(at || '(the operation)')}</code></li>`,
  );
  return `<details class="change"><summary><span class="op">${escapeHtml(title)}</span> <span class="kind">${escapeHtml(change.kind)}</span><br><span class="say">${inline(sentenceOf(change))}</span></summary><ul>${rows.join('')}</ul></details>`;
}

/** Names between backticks become code. */
function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, '<code>$1</code>');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
