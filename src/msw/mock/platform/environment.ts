import { isRecord, recordOf } from '../../../util/is-record.js';
import type { UntypedRequest } from '../../handlers/handler-settings.js';
import { type Behaviours, type Fields, type Platform, pathValue, refuse } from './behaviour.js';

interface StoredVariable extends Fields {
  readonly id: string;
  readonly key: string;
  readonly value: string;
  readonly type: string;
}

/** Environment variables of projects, some of which are refused. */
export class MockEnvironment {
  readonly #variables = new Map<string, StoredVariable[]>();

  constructor(readonly platform: Platform) {}

  clear(): void {
    this.#variables.clear();
  }

  readonly behaviours: Behaviours = {
    'GET /projects/{}/env': (request) => {
      const isDecrypted = String(request.query.decrypt) === 'true';
      const envs = this.#of(request).map((variable) => hide(variable, isDecrypted));
      return this.platform.show(request, { envs });
    },
    'POST /projects/{}/env': (request) => this.#create(request),
    'GET /projects/{}/env/{}': (request) =>
      this.#withOne(request, (found) => this.platform.show(request, hide(found, true))),
    'PATCH /projects/{}/env/{}': (request) =>
      this.#withOne(request, (found, all) => {
        const changed = { ...found, ...recordOf(request.body), updatedAt: Date.now() };
        all.splice(all.indexOf(found), 1, changed);
        return this.platform.show(request, hide(changed, false));
      }),
    'DELETE /projects/{}/env/{}': (request) =>
      this.#withOne(request, (found, all) => {
        all.splice(all.indexOf(found), 1);
        return this.platform.show(request, hide(found, false));
      }),
    'DELETE /projects/{}/env': (request) => {
      const ids: readonly unknown[] =
        isRecord(request.body) && Array.isArray(request.body.ids) ? request.body.ids : [];
      const all = this.#of(request);
      const gone = all.filter(({ id }) => ids.includes(id));
      for (const one of gone) all.splice(all.indexOf(one), 1);
      return this.platform.show(request, { deleted: gone.length, ids: gone.map(({ id }) => id) });
    },
  };

  #of(request: UntypedRequest): StoredVariable[] {
    const { id } = this.platform.projectOf(pathValue(request, 'idOrName'));
    const found = this.#variables.get(id) ?? [];
    this.#variables.set(id, found);
    return found;
  }

  #withOne<R>(request: UntypedRequest, use: (found: StoredVariable, all: StoredVariable[]) => R) {
    const all = this.#of(request);
    const found = all.find(({ id }) => id === pathValue(request, 'id'));
    return found === undefined ? refuse(404, 'not_found', 'The variable was not found.') : use(found, all);
  }

  #create(request: UntypedRequest) {
    const { body } = request;
    const isUpsert = String(request.query.upsert) === 'true';
    const sent = (Array.isArray(body) ? body : [body]).filter(isRecord);
    const outcomes = sent.map((variable) => this.#put(this.#of(request), variable, isUpsert));
    const created = outcomes.flatMap((outcome) =>
      'created' in outcome ? [hide(outcome.created, false)] : [],
    );
    const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : []));
    const [first] = failed;
    if (!Array.isArray(body) && first !== undefined)
      return refuse(400, first.error.code, first.error.message);
    return this.platform.show(request, { created: Array.isArray(body) ? created : created[0], failed });
  }

  #put(all: StoredVariable[], sent: Fields, isUpsert: boolean) {
    const key = String(sent.key);
    const code = this.#refusal(key);
    const refused = (reason: string, message: string) => ({
      error: { code: reason, message, key, envVarKey: key, target: sent.target ?? [] },
    });
    if (code !== undefined) return refused(code, `The variable ${key} cannot be created.`);
    // Variables of one name conflict where they share an environment and a branch.
    const environments = environmentsOf(sent);
    const known = all.find(
      (one) =>
        one.key === key &&
        (one.gitBranch ?? null) === (sent.gitBranch ?? null) &&
        environmentsOf(one).some((environment) => environments.includes(environment)),
    );
    if (known !== undefined && !isUpsert) return refused('ENV_CONFLICT', `The variable ${key} exists.`);
    // The fields of a variable are those of a request that passed the checks.
    const base = {
      createdAt: Date.now(),
      ...known,
      ...sent,
      updatedAt: Date.now(),
    } as Fields as StoredVariable;
    const created = { ...base, id: known?.id ?? this.platform.newId('env_') };
    if (known === undefined) all.push(created);
    else all.splice(all.indexOf(known), 1, created);
    return { created };
  }

  #refusal(key: string): string | undefined {
    const { refuse: own } = this.platform.options.environment ?? {};
    if (own !== undefined) return own(key);
    return /^[A-Za-z_]\w*$/.test(key) ? undefined : 'INVALID_KEY';
  }
}

/** Returns a variable as the API shows it: never a sensitive value, and an encrypted one on request. */
function hide(variable: StoredVariable, isDecrypted: boolean): Fields {
  const isReadable = variable.type === 'plain' || (variable.type === 'encrypted' && isDecrypted);
  return isReadable
    ? { ...variable, decrypted: isDecrypted }
    : { ...variable, value: variable.type === 'sensitive' ? '' : 'encrypted' };
}

function environmentsOf({ target, customEnvironmentIds }: Fields): readonly unknown[] {
  return [target ?? [], customEnvironmentIds ?? []].flat();
}
