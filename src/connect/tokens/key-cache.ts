/** A part of a key: text, or a number that says what follows. */
export type KeyPart = string | number;

/** Finds the text of a key by its parts, so that a call that hits need not write it down and hash it anew. */
export interface KeyCache {
  /** Returns the key that was remembered for these parts. */
  find(origin: string, identity: string, parts: readonly KeyPart[]): string | undefined;
  /** Remembers a key. */
  remember(key: string, origin: string, identity: string, parts: readonly KeyPart[]): void;
}

interface KeyNode {
  readonly next: Map<KeyPart, KeyNode>;
  key?: string;
}

/** How long a key is remembered at most, in milliseconds. */
const LIFE_MS = 300_000;
/** Nodes that one key needs, as a rule. */
const NODES_PER_KEY = 24;

/**
 * Makes the key cache of one client: a tree of parts, which are the caller's own texts, whose hashes are known.
 *
 * It is bounded in number and in time, and holds no token: a bearer and a subject's token are digests before they come here.
 * With more nodes, or after five minutes, all are forgotten, which costs time and never correctness.
 *
 * @param max - Tokens in the cache.
 * @param now - Milliseconds that no clock setting changes.
 */
export function createKeyCache(max: number, now: () => number): KeyCache {
  const maxNodes = max * NODES_PER_KEY;
  let root = createNode();
  let nodes = 0;
  let endsAt = Number.NEGATIVE_INFINITY;

  function step(from: KeyNode, part: KeyPart): KeyNode {
    const known = from.next.get(part);
    if (known !== undefined) return known;
    const node = createNode();
    from.next.set(part, node);
    nodes++;
    return node;
  }

  return {
    find(origin, identity, parts) {
      if (nodes > 0 && now() >= endsAt) {
        root = createNode();
        nodes = 0;
      }
      let node = root.next.get(origin)?.next.get(identity);
      for (let at = 0; node !== undefined && at < parts.length; at++)
        node = node.next.get(parts[at] as KeyPart); // It is inside the list.
      return node?.key;
    },
    remember(key, origin, identity, parts) {
      if (nodes + parts.length > maxNodes) {
        root = createNode();
        nodes = 0;
      }
      if (nodes === 0) endsAt = now() + LIFE_MS;
      let node = step(step(root, origin), identity);
      for (const part of parts) node = step(node, part);
      node.key = key;
    },
  };
}

function createNode(): KeyNode {
  return { next: new Map() };
}
