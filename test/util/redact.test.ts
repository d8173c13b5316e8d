import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeKind, describeValue, MAX_MESSAGE_LENGTH, safeText } from '../../src/util/redact.js';
import { REDACTED } from '../../src/util/secrets.js';

const alphanumeric = (minLength: number, maxLength = minLength + 40) =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
    minLength,
    maxLength,
  });

/** Makes a secret of each known shape, and gives with it the part that must not be seen. */
const SHAPES: Readonly<Record<string, fc.Arbitrary<{ text: string; secret: string }>>> = {
  bearer: alphanumeric(12).map((secret) => ({ text: `Bearer ${secret}`, secret })),
  basic: alphanumeric(12).map((secret) => ({ text: `Basic ${secret}==`, secret })),
  JWT: fc
    .tuple(alphanumeric(12), alphanumeric(12), alphanumeric(12))
    .map(([a, b, c]) => ({ text: `eyJ${a}.${b}.${c}`, secret: c })),
  'JWT payload': fc
    .tuple(alphanumeric(12), alphanumeric(12))
    .map(([a, b]) => ({ text: `eyJ${a}.${b}.`, secret: b })),
  Slack: alphanumeric(12).map((secret) => ({ text: `xoxb-1234-${secret}`, secret })),
  'Slack user': alphanumeric(12).map((secret) => ({ text: `xoxp-${secret}`, secret })),
  GitHub: alphanumeric(36).map((secret) => ({ text: `ghp_${secret}`, secret })),
  'GitHub app': alphanumeric(36).map((secret) => ({ text: `ghs_${secret}`, secret })),
  'GitHub fine-grained': alphanumeric(36).map((secret) => ({ text: `github_pat_${secret}`, secret })),
  Stripe: alphanumeric(12).map((secret) => ({ text: `sk_live_${secret}`, secret })),
  Vercel: alphanumeric(24).map((secret) => ({ text: `vcp_${secret}`, secret })),
};

/** Words round a secret, with the marks that servers put next to one. */
const around = fc.tuple(
  fc.constantFrom('', 'token ', 'invalid: "', '{"token":"', '\u0000\n', 'scheme (', 'a,b;'),
  fc.constantFrom('', '"', ' is bad', '"}', ').', '\n\tat x', '&next=1'),
);

describe('safeText', () => {
  it.each(Object.entries(SHAPES))('never shows a %s secret', (_, shape) => {
    fc.assert(
      fc.property(shape, around, ({ text, secret }, [before, after]) => {
        const safe = safeText(before + text + after);
        expect(safe).not.toContain(secret);
        expect(safe).toContain(REDACTED);
      }),
      { numRuns: 300 },
    );
  });

  it('masks every one of several secrets', () => {
    const text = 'first xoxb-aaaaaaaaaa then ghp_bbbbbbbbbbbbbbbbbbbb and xoxb-cccccccccc';
    expect(safeText(text)).toBe(`first ${REDACTED} then ${REDACTED} and ${REDACTED}`);
  });

  it('masks whatever it is told is secret, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 60 }),
        fc.string({ maxLength: 40 }),
        (secret, text) => {
          fc.pre(!REDACTED.includes(secret) && !`${text}${REDACTED}${text}`.includes(secret));
          expect(safeText(text + secret + text, [secret])).not.toContain(secret);
        },
      ),
    );
  });

  it('ignores a "secret" so short that masking it would only garble the text', () => {
    expect(safeText('a bad day', ['a', ''])).toBe('a bad day');
  });

  it.each([
    'Connector slack/acme-slack not found',
    'The bearer is expired',
    'scl_abc123 is not linked to prj_123456789',
    'Install it at https://github.com/apps/acme/installations/new?state=abc',
    'expected ghp_ or xoxb- prefix',
  ])('leaves %j alone', (text) => {
    expect(safeText(text)).toBe(text);
  });

  it('puts the text on one line without control characters', () => {
    expect(safeText('  one\r\ntwo\u0000\u001b[31m\tthree\u2028four\u202e  ')).toBe('one two [31m three four');
  });

  it('gives at most 512 characters, and says so where it cut', () => {
    expect(safeText('x'.repeat(512))).toBe('x'.repeat(512));
    expect(safeText('x'.repeat(513))).toBe(`${'x'.repeat(511)}…`);
    expect(safeText(`${'ab '.repeat(2_000_000)}`)).toHaveLength(MAX_MESSAGE_LENGTH);
  });

  it('masks a bearer that a control or format character separates from its scheme', () => {
    expect(safeText('sent Bearer\u0000canary1234567890')).not.toContain('canary');
    expect(safeText('sent Bearer\u200bcanary1234567890')).not.toContain('canary');
  });

  it('shows no part of a secret that its own limit of scanned text cuts in two', () => {
    const secret = 'a-known-secret-of-this-very-call';
    const padding = ' '.repeat(16 * MAX_MESSAGE_LENGTH - secret.length + 1);
    expect(safeText(padding + secret, [secret])).not.toContain('a-known-secret');
  });

  it('does not cut a surrogate pair in two', () => {
    expect(safeText(`${'x'.repeat(510)}${'\u{1f511}'.repeat(4)}`)).not.toMatch(/\p{Surrogate}/u);
  });

  it('changes nothing when applied again', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 800 }), ...Object.values(SHAPES).map(textOf)),
        (text) => {
          const once = safeText(text);
          expect(safeText(once)).toBe(once);
        },
      ),
    );
  });

  it('stays quick on hostile text', () => {
    const startedAt = performance.now();
    for (const unit of ['Bearer ', 'eyJ', 'eyJaaaaaaaa.', 'xoxb-', 'ghp_', ' \n', '\u0000'])
      safeText(unit.repeat(1_000_000));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

function textOf(shape: fc.Arbitrary<{ text: string }>): fc.Arbitrary<string> {
  return shape.map(({ text }) => text);
}

describe('describeValue', () => {
  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['', 'an empty string'],
    ['abc', 'a string of 3 characters'],
    [[1, 2], 'an array'],
    [-1.5, '-1.5'],
    [Number.NaN, 'NaN'],
    [{ a: 1 }, 'an object'],
    [true, 'a boolean'],
    [() => 1, 'a function'],
    [Symbol('canary'), 'a symbol'],
    [10n, 'a bigint'],
  ])('describes %o as %j', (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });

  it('never shows what a string or an object holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 60 }), (secret) => {
        fc.pre(!'a string of 60 characters an object an array'.includes(secret));
        for (const value of [secret, { secret }, [secret], () => secret, Symbol(secret)])
          expect(describeValue(value)).not.toContain(secret);
      }),
    );
  });
});

describe('describeKind', () => {
  it('shows not even a number, which may be a secret', () => {
    expect(describeKind(424242)).toBe('a number');
    expect(describeKind('canary')).toBe('a string of 6 characters');
    expect(describeKind(undefined)).toBe('undefined');
  });
});
