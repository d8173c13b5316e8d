import { format, inspect } from 'node:util';

/** Where a secret was looked for, and what was found there. */
export interface Probe {
  readonly where: string;
  readonly text: string;
}

/** Every way in which a value comes to be read by somebody: printed, logged, sent on, copied. */
export function probesOf(name: string, value: unknown): Probe[] {
  const probe = (channel: string, text: unknown): Probe => ({
    where: `${name}: ${channel}`,
    text: String(text),
  });
  return [
    probe('inspect', inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })),
    probe(
      'console',
      format(
        '%s %o %O %j',
        value,
        value,
        value,
        safely(() => value),
      ),
    ),
    probe(
      'String',
      safely(() => String(value)),
    ),
    probe(
      'JSON',
      safely(() => JSON.stringify({ value })),
    ),
    probe(
      'clone',
      safely(() => inspect(structuredClone(value), { depth: null, showHidden: true })),
    ),
    probe(
      'own fields',
      safely(() => inspect(fieldsOf(value), { depth: null })),
    ),
    ...(value instanceof Error ? errorProbes(name, value, 0) : []),
  ];
}

/** The probes that hold one of the secrets. */
export function leaksIn(probes: readonly Probe[], secrets: readonly string[]): string[] {
  return probes.flatMap(({ where, text }) =>
    secrets.filter((secret) => isIn(text, secret)).map((secret) => `${secret} in ${where}: ${text}`),
  );
}

/** As it is, or as a URL, Base64 or JSON would write it. */
function isIn(text: string, secret: string): boolean {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, -4)];
  return forms.some((form) => text.includes(form));
}

function errorProbes(name: string, error: Error, depth: number): Probe[] {
  const at = `${name}${'.cause'.repeat(depth)}`;
  const texts = [
    { where: `${at}: message`, text: error.message },
    { where: `${at}: stack`, text: error.stack ?? '' },
  ];
  const { cause } = error;
  if (cause === undefined || depth > 5) return texts;
  const own = { where: `${at}: cause`, text: inspect(cause, { depth: null, showHidden: true }) };
  return [...texts, own, ...(cause instanceof Error ? errorProbes(name, cause, depth + 1) : [])];
}

function fieldsOf(value: unknown): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  // What may be read by who knows its name is not enumerable, and is asked for on purpose.
  return Object.fromEntries(Object.entries(value));
}

function safely(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}
