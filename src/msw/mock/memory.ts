import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { UntypedRequest } from '../handlers/handler-settings.js';
import { isPage, pageParameterOf, withNext } from '../respond/list-pages.js';
import { createRandom } from '../respond/random.js';
import type { PlainResponse, Responder } from '../respond/responder.js';
import { fitFields, type IsAllowed, listNameOf } from './fit.js';
import type { MemoryOptions } from './platform/memory-options.js';
import { PlatformMemory } from './platform/platform-memory.js';
import { type Action, collectionOf, findResources, type ResourceOperation } from './resources.js';

type Thing = Readonly<Record<string, unknown>>;

/** Fields by which a thing can be asked for again, the first of which is given out anew for each. */
const NAMES = ['id', 'uid', 'name', 'slug', 'key'] as const;

/** One request to a resource. */
interface Call {
  readonly operation: ContractOperation;
  readonly request: UntypedRequest;
  /** Where the things of this collection are kept; those of another team are others. */
  readonly collection: string;
  /** What the path names, for an operation on one thing. */
  readonly name: string;
}

/** The things that a request asks for, and where the rest begins. */
function pageOf({ operation, request }: Call, all: readonly Thing[]) {
  const { query } = request;
  const { search, limit } = query;
  const wanted = typeof search === 'string' ? search.toLowerCase() : '';
  const isFound = (value: unknown) => typeof value === 'string' && value.toLowerCase().includes(wanted);
  const found = wanted === '' ? all : all.filter((thing) => Object.values(thing).some(isFound));
  const parameter = pageParameterOf(operation);
  const from = Number(parameter === undefined ? 0 : (query[parameter] ?? 0));
  // A cursor that this memory did not give out is a time or a name; the list begins anew.
  const start = Number.isInteger(from) && from <= found.length ? from : 0;
  const size = Number(limit ?? found.length);
  const end = start + (size > 0 ? size : found.length);
  return { things: found.slice(start, end), next: end < found.length ? end : undefined };
}

/**
 * Remembers what is created: a generic create, read, update and delete for every resource path of a document.
 *
 * What it answers is the document's own answer with the fields that were sent; a field that the document does not allow in
 * that answer is left out.
 */
export class Memory {
  readonly #contract: Contract;
  readonly #responder: Responder;
  readonly #seed: number | string;
  readonly #resources: ReadonlyMap<string, ResourceOperation>;
  readonly #platform: PlatformMemory;
  readonly #things = new Map<string, Thing[]>();
  #created = 0;

  constructor(contract: Contract, responder: Responder, seed: number | string, options: MemoryOptions) {
    this.#contract = contract;
    this.#responder = responder;
    this.#seed = seed;
    this.#resources = findResources(contract);
    this.#platform = new PlatformMemory(options, seed, {
      show: (request, fields) => this.#fit(request, fields),
      findProject: (idOrName) => this.#findProject(idOrName),
    });
  }

  /** The answer from memory; `undefined` for an operation that is neither part of a resource nor has a behaviour. */
  async answer(request: UntypedRequest): Promise<PlainResponse | Response | undefined> {
    const operation = this.#contract.operations[request.operationId];
    if (operation === undefined) return undefined;
    const resource = this.#resources.get(request.operationId);
    const behaviour = this.#platform.behaviourOf(operation.method, operation.path);
    // A document that creates projects has them in memory like every other thing.
    const isThing = resource !== undefined && /\/projects(?:\/\{[^/]*\})?$/.test(operation.path);
    const own = isThing ? undefined : await behaviour?.(request);
    return own ?? this.#fromResource(request, operation, resource);
  }

  #fromResource(
    request: UntypedRequest,
    operation: ContractOperation,
    resource: ResourceOperation | undefined,
  ): PlainResponse | undefined {
    if (resource === undefined) return undefined;
    const { parameter, action } = resource;
    const path = collectionOf(new URL(request.request.url).pathname, parameter !== undefined);
    const team = request.query.teamId ?? request.query.slug ?? '';
    const name = parameter === undefined ? '' : String(request.params[parameter]);
    return this.#actions[action]({ operation, request, collection: `${team} ${path}`, name });
  }

  clear(): void {
    this.#platform.clear();
    this.#things.clear();
    this.#created = 0;
  }

  readonly #actions: Readonly<Record<Action, (call: Call) => PlainResponse | undefined>> = {
    create: (call) => {
      const answer = this.#base(call);
      if (answer === undefined) return undefined;
      this.#created += 1;
      const sent = isRecord(call.request.body) ? call.request.body : {};
      const fields = { ...sent, ...this.#freshId(answer) };
      const body = fitFields(answer, fields, this.#allowedIn(call));
      this.#things.set(call.collection, [...this.#all(call), { ...fields, ...body }]);
      return { body };
    },
    list: (call) => {
      const answer = this.#base(call);
      const name = listNameOf(answer);
      if (answer === undefined || name === undefined) return undefined;
      const [sample] = [answer[name]].flat();
      const isAllowed = this.#allowedIn(call);
      const { things, next } = pageOf(call, this.#all(call));
      const shown = things.map((thing) =>
        fitFields(isRecord(sample) ? sample : {}, thing, (one) => isAllowed({ ...answer, [name]: [one] })),
      );
      const body = { ...answer, [name]: shown };
      if (!isAllowed(body)) return undefined;
      if (!isPage(body)) return { body };
      const { pagination } = body;
      const counted = { ...body, pagination: { ...pagination, count: shown.length } };
      return {
        body: withNext(
          pagination.count !== undefined && isAllowed(counted) ? counted : body,
          next,
          isAllowed,
        ),
      };
    },
    read: (call) =>
      this.#with(call, (thing) =>
        this.#show(call, { ...thing, ...this.#platform.factsOf(call.operation.path, thing) }),
      ),
    update: (call) =>
      this.#with(call, (thing) => {
        const sent = isRecord(call.request.body) ? call.request.body : {};
        const changed = { ...thing, ...sent };
        this.#replace(call, thing, changed);
        return this.#show(call, changed);
      }),
    remove: (call) =>
      this.#with(call, (thing) => {
        this.#replace(call, thing);
        return this.#show(call, thing);
      }),
  };

  #with(call: Call, use: (thing: Thing) => PlainResponse): PlainResponse {
    const thing = this.#all(call).find((one) => NAMES.some((field) => one[field] === call.name));
    return thing === undefined ? { status: 404 } : use(thing);
  }

  #replace(call: Call, thing: Thing, ...by: readonly Thing[]): void {
    this.#things.set(
      call.collection,
      this.#all(call).flatMap((one) => (one === thing ? by : [one])),
    );
  }

  #show(call: Call, thing: Thing): PlainResponse {
    const answer = this.#base(call);
    if (answer === undefined) return {};
    const isAllowed = this.#allowedIn(call);
    // What the thing does not have is made up only where the document requires it.
    const own = Object.fromEntries(Object.entries(answer).filter(([name]) => Object.hasOwn(thing, name)));
    return { body: fitFields(isAllowed(own) ? own : answer, thing, isAllowed) };
  }

  /** A project that was created, of whichever team. */
  #findProject(idOrName: string): Thing | undefined {
    const collections = [...this.#things].filter(([collection]) => collection.endsWith(' /projects'));
    const projects = collections.flatMap(([, things]) => things);
    return projects.find(({ id, name }) => id === idOrName || name === idOrName);
  }

  /** The document's own answer of an operation with these fields, as far as the document allows them. */
  #fit({ operationId }: UntypedRequest, fields: Thing): PlainResponse {
    const operation = this.#contract.operations[operationId];
    if (operation === undefined) return { body: fields };
    const status = this.#responder.defaultStatus(operation);
    const body = this.#responder.bodyOf(operation, status);
    if (!isRecord(body)) return body === undefined ? {} : { body: fields };
    const isAllowed = (value: unknown) => this.#responder.check(operation, status, value).length === 0;
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    // What is not so must not be made up either, unless the document requires it.
    const bare = Object.fromEntries(
      Object.entries(body).filter(([name]) => !(name in fields) || fields[name] !== undefined),
    );
    return { body: fitFields(isAllowed(bare) ? bare : body, Object.fromEntries(given), isAllowed) };
  }

  #all({ collection }: Call): readonly Thing[] {
    return this.#things.get(collection) ?? [];
  }

  /** The document's own answer; `undefined` where that is no object. */
  #base({ operation }: Call): Thing | undefined {
    const body = this.#responder.bodyOf(operation, this.#responder.defaultStatus(operation));
    return isRecord(body) ? body : undefined;
  }

  #allowedIn({ operation }: Call): IsAllowed {
    const status = this.#responder.defaultStatus(operation);
    return (body) => this.#responder.check(operation, status, body).length === 0;
  }

  /** Each thing has an id of its own, in the shape of the document's: `prj_abc` gives `prj_` and other letters. */
  #freshId(answer: Thing): Thing {
    const field = NAMES.find((name) =>
      name === 'id' || name === 'uid' ? typeof answer[name] === 'string' : false,
    );
    if (field === undefined) return {};
    const prefix = /^[a-z]+_/.exec(String(answer[field]))?.[0] ?? '';
    return { [field]: prefix + createRandom('thing', this.#seed, this.#created).text(16) };
  }
}
