import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/util/redact.js';
import { EVERYTHING, REDACTED, Secrets } from '../../src/util/secrets.js';
import { ENCODINGS } from './encodings.js';

const SECRET = 'Zq"1/canary+Value=88&<42>é';

/** Whether some of a secret is left in what was masked: eight characters of its encoded form. */
function isLeft(masked: string, encoded: string): boolean {
  for (let at = 0; at + 8 <= encoded.length; at++)
    if (masked.includes(encoded.slice(at, at + 8))) return true;
  return false;
}

describe('Secrets', () => {
  it.each(Object.entries(ENCODINGS))('masks a secret that is echoed: %s', (_, encode) => {
    const echoed = encode(SECRET);
    const masked = new Secrets([SECRET]).mask(`refused ${echoed} for now`);
    expect(masked).toContain(REDACTED);
    expect(masked).toMatch(/^refused /);
    expect(masked).toMatch(/ for now$/);
    expect(isLeft(masked, echoed)).toBe(false);
  });

  it('masks all of 2 000, each in every encoding, at a bounded cost', () => {
    const values = Array.from({ length: 2_000 }, (_, index) => `sk_live_${index}_"canary/${index * 7919}+=`);
    const secrets = new Secrets(values);
    secrets.mask('the index is made at the first text');
    const encodings = Object.values(ENCODINGS);
    const startedAt = performance.now();
    const left = values.filter((value, index) => {
      const echoed = encodings[index % encodings.length]?.(value) ?? value;
      return isLeft(secrets.mask(`refused ${echoed}.`), echoed);
    });
    expect(left).toEqual([]);
    // 0.05 ms a text on an idle machine: the number of secrets does not matter.
    expect((performance.now() - startedAt) / values.length).toBeLessThan(5);
  });

  it('takes those that are added later, and reads them only when a text is masked', () => {
    let reads = 0;
    const secrets = new Secrets([], () => {
      reads += 1;
      return ['canary-later'];
    });
    expect(reads).toBe(0);
    expect(secrets.mask('it is canary-later')).toBe(`it is ${REDACTED}`);
    secrets.add('canary-after');
    expect(secrets.mask('canary-after, canary-later')).toBe(`${REDACTED}, ${REDACTED}`);
  });

  it('masks the longest of two that begin alike, and the rest of the text after the beginning of a very long one', () => {
    expect(new Secrets(['canary-1', 'canary-1-and-more']).mask('a canary-1-and-more b')).toBe(
      `a ${REDACTED} b`,
    );
    const long = `begin-${'x'.repeat(3_000)}-end`;
    expect(new Secrets([long]).mask(`it is ${long} and so on`)).toBe(`it is ${REDACTED}`);
  });

  it('shows nothing where more was sent than can be looked at', () => {
    const secrets = new Secrets([], () => [EVERYTHING]);
    expect(safeText('anything at all', secrets)).toBe(REDACTED);
  });

  it('leaves other text alone', () => {
    const text = 'Connector slack/acme-slack 100% \\d+ &amp; %zz &unknown; \\';
    expect(new Secrets([SECRET, 'short']).mask(text)).toBe(text);
  });

  it('shows itself to nobody', () => {
    expect(JSON.stringify(new Secrets([SECRET]))).toBe('{}');
  });
});
