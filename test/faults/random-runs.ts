import { type TransportEvent, VercelError } from '../../src/index.js';
import { CHEAP_FAULTS } from '../helpers/fault-catalog.js';
import { GOOD_CREATED, GOOD_LIST, GOOD_TOKEN, good } from '../helpers/fault-catalog-steps.js';
import type { FaultServer, SeenRequest, Step } from '../helpers/fault-server.js';
import { restClient, SLACK_MS } from './helpers.js';

const TIMEOUT_MS = 300;
const TOTAL_TIMEOUT_MS = 1_500;
/** Own delays are shorter; one of this length or more is the server's, which does not count. */
const SERVER_DELAY_MS = 1_000;
const MOST_ATTEMPTS = 4;
const RUN_HEADER = 'x-fault-run';
const KINDS = ['get', 'safe post', 'unsafe post'] as const;
const NAMES = Object.keys(CHEAP_FAULTS);

/** What one run does, all of it made from its seed. */
export interface Plan {
  readonly seed: number;
  readonly kind: (typeof KINDS)[number];
  /** Names of the faults that the first attempts meet. */
  readonly faults: readonly string[];
}

/** What came of a run. */
export interface RunReport {
  readonly plan: Plan;
  readonly outcome: 'value' | 'error';
  /** Rules that were broken; none in a good run. */
  readonly broken: readonly string[];
  /** Whether an answer that came was not read in time: this machine stood still. */
  readonly late: boolean;
}

/** Makes the plan of a seed: the same one always. */
export function planOf(seed: number): Plan {
  const random = generator(seed);
  const pick = <T>(from: readonly T[], fallback: T): T =>
    from[Math.floor(random() * from.length)] ?? fallback;
  const kind = pick(KINDS, 'get');
  const faults = Array.from({ length: Math.floor(random() * 6) }, () => pick(NAMES, '503'));
  return { seed, kind, faults };
}

/** The runs under way on one server, told apart by a header. */
export class Runs {
  readonly #answered = new Map<string, { readonly plan: Plan; readonly played: string[] }>();

  /** Picks the step of a request by the run that it belongs to. */
  readonly choose = (request: SeenRequest): Step => {
    const id = new RegExp(`^${RUN_HEADER}: *(\\S+)`, 'im').exec(request.head)?.[1] ?? '';
    const run = this.#answered.get(id);
    if (run === undefined) return good;
    const name = run.plan.faults[run.played.length] ?? 'right answer';
    run.played.push(name);
    return CHEAP_FAULTS[name] ?? good;
  };

  /** Runs a plan against the server, and checks every rule. */
  async run(server: Pick<FaultServer, 'url'>, plan: Plan): Promise<RunReport> {
    const id = String(plan.seed);
    const played: string[] = [];
    this.#answered.set(id, { plan, played });
    const reasons: string[] = [];
    let obeyedMs = 0;
    const startedAt = performance.now();
    const result = await settle(
      call(server, plan, id, (event) => {
        if (event.type === 'retry' || event.type === 'give-up') reasons.push(event.reason);
        if (event.type === 'retry' && event.delayMs >= SERVER_DELAY_MS) obeyedMs += event.delayMs;
      }),
    );
    const tookMs = performance.now() - startedAt;
    return {
      plan,
      outcome: 'value' in result ? 'value' : 'error',
      broken: [
        ...brokenByAnswers(plan, played, reasons),
        ...brokenByResult(plan, result),
        ...brokenByTime(tookMs - obeyedMs),
      ],
      late: wasLate(played, reasons),
    };
  }
}

type Result = { readonly value: unknown } | { readonly error: unknown };

function settle(promise: Promise<unknown>): Promise<Result> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

async function call(
  server: Pick<FaultServer, 'url'>,
  { kind }: Plan,
  id: string,
  onEvent: (event: TransportEvent) => void,
): Promise<unknown> {
  const client = restClient(server, {
    timeout: TIMEOUT_MS,
    totalTimeout: TOTAL_TIMEOUT_MS,
    headers: { [RUN_HEADER]: id },
    onEvent,
  });
  if (kind === 'get') return (await client.GET('/v2/connect/connectors')).data;
  if (kind === 'unsafe post') {
    return (await client.call('createConnector', { body: { type: 'slack', name: 'New', data: {} } })).data;
  }
  const params = { path: { connector: 'slack/acme-slack' } };
  return (await client.call('getConnectorToken', { params, body: { subject: { type: 'app' } } })).data;
}

function brokenByAnswers({ kind }: Plan, played: readonly string[], reasons: readonly string[]): string[] {
  const broken: string[] = [];
  if (played.length > MOST_ATTEMPTS) broken.push(`${played.length} attempts`);
  // Whatever came of a complete request, the server may have done its work; only a 429 says that it did not.
  const applied = played.filter((name) => !name.startsWith('429')).length;
  if (kind === 'unsafe post' && applied > 1) broken.push(`an unsafe POST applied ${applied} times`);
  const finalAt = finalIndex(played);
  const again = finalAt >= 0 && finalAt < played.length - 1;
  if (again && !wasLate(played, reasons)) {
    broken.push(`sent again after ${played[finalAt]} (${reasons.join()})`);
  }
  return broken;
}

/**
 * Whether the answer that must end the call came too late to be seen, because this machine stood still for the whole
 * timeout: the client is right to ask again then. It did see what it names as the reason of a further attempt.
 */
function wasLate(played: readonly string[], reasons: readonly string[]): boolean {
  const finalAt = finalIndex(played);
  const answered = played[finalAt];
  if (answered === undefined || reasons.includes(answered)) return false;
  return reasons.slice(finalAt).includes('APITimeoutError');
}

/** Which attempt met an answer that must end the call; -1 for none. */
function finalIndex(played: readonly string[]): number {
  return played.findIndex((name) => /^(400|401|403|404|422|right answer)$/.test(name));
}

function brokenByResult({ kind }: Plan, result: Result): string[] {
  if ('error' in result) {
    return result.error instanceof VercelError ? [] : [`an error without a type: ${String(result.error)}`];
  }
  const right = { get: GOOD_LIST, 'safe post': GOOD_TOKEN, 'unsafe post': GOOD_CREATED }[kind];
  const text = JSON.stringify(result.value);
  return text === JSON.stringify(right) ? [] : [`a wrong value: ${text}`];
}

function brokenByTime(tookMs: number): string[] {
  return tookMs <= TOTAL_TIMEOUT_MS + SLACK_MS ? [] : [`it took ${Math.round(tookMs)} ms`];
}

/** A small generator of numbers in [0, 1), the same ones for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
