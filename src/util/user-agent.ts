/** Version of this package, as package.json has it. */
export const VERSION = '0.2.0';

/**
 * Returns the `User-Agent` of a request: the caller's own product, this package, and the runtime (RFC 9110 section 10.1.5).
 *
 * @param product - The caller's own, e.g. `acme-deploys/2.1`.
 * @returns `undefined` in a browser, which sends its own.
 */
export function userAgentOf(product: string | undefined): string | undefined {
  const runtime = runtimeName();
  if (runtime === undefined) return undefined;
  return [product, `vercel-rest/${VERSION}`, runtime].filter((part) => part !== undefined).join(' ');
}

/** Name and version of the runtime; `undefined` for a browser and for what does not say its name. */
function runtimeName(): string | undefined {
  // Vercel's edge runtime names itself by this variable alone.
  if ('EdgeRuntime' in globalThis) return 'edge';
  const name: unknown = Reflect.get(globalThis, 'navigator')?.userAgent;
  const own = typeof name === 'string' ? name : '';
  if (own.startsWith('Mozilla/')) return undefined;
  const { bun, deno, node } = globalThis.process?.versions ?? {};
  if (bun !== undefined) return `bun/${bun}`;
  if (deno !== undefined) return `deno/${deno}`;
  if (node !== undefined) return `node/${node}`;
  return own === '' ? undefined : own;
}
