import { InvalidArgumentError } from '../../errors/index.js';

/** Options that exist; the types of {@link VerifyTriggerOptions} have the same. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['projectId', 'environment', 'ownerId', 'audience', 'connector', 'clientId'],
  ...['maxTokenAgeMs', 'clockToleranceMs', 'replay', 'replayPer', 'body', 'maxBodyBytes'],
]);

/** What stands here for an option of `verifyVercelOidcToken`. */
const INSTEAD: Readonly<Record<string, string>> = {
  algorithms: 'RS256 is the only one that Vercel signs with, and the only one that is accepted',
  issuer: "give ownerId: the issuer has to be that of the token's own team",
  maxTokenAge: 'give maxTokenAgeMs',
  clockTolerance: 'give clockToleranceMs',
};

/**
 * Refuses options that do not exist: one that is passed over would leave unchecked what its author wanted checked.
 *
 * @throws {InvalidArgumentError}
 */
export function checkOptionNames(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || KNOWN.has(name)) continue;
    const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : 'there is no such option';
    throw new InvalidArgumentError(`options.${name.slice(0, 40)}`, instead ?? 'there is no such option');
  }
}
