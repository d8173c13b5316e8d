import { isRecord } from '../../util/is-record.js';
import { compareContent, compareReceivedBody } from './compare-content.js';
import { addedOrRemoved, compareByKey } from './findings.js';
import { recordOf } from './nodes.js';
import { METHOD_KEYS, type Operation } from './pair-operations.js';
import type { Comparers, Finding, Json, Segments, View } from './types.js';

/**
 * Compares a request that the API sends, a webhook or a callback: the program receives its body, as it receives a response,
 * and sends the response.
 */
export function compareInbound(comparers: Comparers, was: Json, is: Json, at: Segments): Finding[] {
  const { before, after } = comparers.response;
  const [a, b] = [before.resolve(was.requestBody), after.resolve(is.requestBody)];
  const [responsesBefore, responsesAfter] = [recordOf(was.responses), recordOf(is.responses)];
  return [
    ...compareReceivedBody(comparers.response, a, b, { at: [...at, 'requestBody'], cause: 'inbound' }),
    ...Object.keys(responsesBefore).flatMap((status) => {
      const [one, other] = [before.resolve(responsesBefore[status]), after.resolve(responsesAfter[status])];
      return compareContent(comparers.request, one, other, [...at, 'responses', status]);
    }),
  ];
}

/** Compares the requests that an operation makes the API send. */
export function compareCallbacks(comparers: Comparers, before: Operation, after: Operation): Finding[] {
  const a = callbacksOf(comparers.response.before, before.node);
  const b = callbacksOf(comparers.response.after, after.node);
  return compareByKey(a, b, (key, was, is) => {
    if (was !== undefined && is !== undefined) return compareInbound(comparers, was.node, is.node, is.at);
    const where = { at: (is ?? was)?.at ?? [], cause: key };
    return [addedOrRemoved('callback', was ? key : null, is ? key : null, where)];
  });
}

interface Callback {
  readonly node: Json;
  readonly at: Segments;
}

function callbacksOf({ resolve }: View, { callbacks }: Json): Map<string, Callback> {
  const found = new Map<string, Callback>();
  for (const [name, entry] of Object.entries(recordOf(callbacks))) {
    for (const [expression, item] of Object.entries(resolve(entry))) {
      for (const [method, node] of Object.entries(resolve(item))) {
        if (!METHOD_KEYS.has(method) || !isRecord(node)) continue;
        const at = ['callbacks', name, expression, method];
        found.set(`${name} ${method.toUpperCase()} ${expression}`, { node, at });
      }
    }
  }
  return found;
}
