/** The modules of Node that the REST client and Connect use where they run on Node. */
interface NodeModules {
  'node:crypto': typeof import('node:crypto');
  'node:diagnostics_channel': typeof import('node:diagnostics_channel');
  'node:events': typeof import('node:events');
  'node:fs': typeof import('node:fs');
  'node:module': typeof import('node:module');
  'node:stream': typeof import('node:stream');
  'node:url': typeof import('node:url');
}

/**
 * Returns a module of Node, or `undefined` in a browser or an edge runtime.
 *
 * An `import`, even a lazy one, fails in a bundle for such a runtime, because bundlers resolve it when they build.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  // Vercel's edge runtime names itself by this variable, and throws where a program only looks at `getBuiltinModule`.
  if ('EdgeRuntime' in globalThis) return undefined;
  // What Node returns for a name is the module of that name. The type of `process` does not know other runtimes.
  return globalThis.process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined;
}

/** Returns the environment variables of the process; a browser has none. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return globalThis.process?.env ?? {};
}
