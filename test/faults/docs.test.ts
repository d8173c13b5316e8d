import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMON_FAULTS } from '../helpers/fault-catalog.js';
import { EXTRA_FAULTS } from '../helpers/fault-catalog-extra.js';
import type { Outcome } from '../helpers/fault-catalog-outcomes.js';

const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');

const requests = (count: number) => `${count} ${count === 1 ? 'request' : 'requests'}`;

function said({ error, facts, requests: count }: Outcome): string {
  const status = facts.status === undefined ? '' : ` (${facts.status})`;
  return `${error === undefined ? 'value' : `\`${error.prototype.name}\``}${status}, ${requests(count)}`;
}

describe('docs/faults.md', () => {
  it.each(Object.entries(COMMON_FAULTS))('has the row of %s', (name, steps) => {
    const row = `| ${name} | value, ${requests(steps.length + 1)} | value, ${requests(steps.length + 1)} |`;
    expect(page).toContain(row);
  });

  it.each(Object.entries(EXTRA_FAULTS))('has the row of %s', (name, { once, always, unsafe }) => {
    expect(page).toContain(`| ${name} | ${said(once)} | ${said(always)} | ${said(unsafe)} |`);
  });
});
