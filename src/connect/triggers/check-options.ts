import { checkOptionNames } from '../../client/option-names.js';
import { checkArgument } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import type { TriggerVerifierOptions, VerifyTriggerOptions } from './types.js';

// Records and not lists, so that the compiler finds a name that is missing here.
const VERIFY: Readonly<Record<keyof VerifyTriggerOptions, true>> = {
  projectId: true,
  environment: true,
  ownerId: true,
  audience: true,
  connector: true,
  clientId: true,
  maxTokenAgeMs: true,
  clockToleranceMs: true,
  replay: true,
  replayPer: true,
  body: true,
  maxBodyBytes: true,
};
const VERIFIER: Readonly<Record<keyof TriggerVerifierOptions, true>> = { jwksUrl: true, fetch: true };

/** Names the option that replaces one of `verifyVercelOidcToken`. */
const INSTEAD: Readonly<Record<string, string>> = {
  algorithms: 'RS256 is the only one that Vercel signs with, and the only one that is accepted',
  issuer: "give ownerId: the issuer has to be that of the token's own team",
  maxTokenAge: 'give maxTokenAgeMs',
  clockTolerance: 'give clockToleranceMs',
};

/**
 * Checks the options of one verification. One that does not exist would leave unchecked what its author wanted checked.
 *
 * @throws {InvalidArgumentError}
 */
export function checkVerifyOptions(options: unknown): void {
  checkNames(options, VERIFY, INSTEAD);
  const { replay, replayPer } = options;
  const isStore =
    isRecord(replay) && typeof replay.claim === 'function' && typeof replay.release === 'function';
  checkArgument(replay === undefined || isStore, 'options.replay', 'must be a store with claim and release');
  const isKnown = replayPer === undefined || replayPer === 'token' || replayPer === 'body';
  checkArgument(isKnown, 'options.replayPer', 'must be token or body', replayPer);
}

/** Checks the options of a verifier. @throws {InvalidArgumentError} */
export function checkVerifierOptions(options: unknown): void {
  const elsewhere = Object.keys(VERIFY).map((name) => [name, 'give it to verify(request, options)'] as const);
  checkNames(options, VERIFIER, Object.fromEntries(elsewhere));
  const { fetch } = options;
  checkArgument(
    fetch === undefined || typeof fetch === 'function',
    'options.fetch',
    'must be a function',
    fetch,
  );
}

/** Checks that options are an object, and that each of them exists. @throws {InvalidArgumentError} */
export function checkNames(
  options: unknown,
  known: Readonly<Record<string, true>>,
  instead: Readonly<Record<string, string>> = {},
): asserts options is Record<string, unknown> {
  checkArgument(isRecord(options), 'options', 'must be an object', options);
  checkOptionNames(options, new Set(Object.keys(known)), { prefix: 'options.', instead });
}
