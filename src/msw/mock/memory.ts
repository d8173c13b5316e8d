import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import { defined } from '../../util/defined.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import type { UntypedRequest } from '../handlers/handler-settings.js';
import { fitFields } from '../respond/fit.js';
import { isPage, pageParameterOf, withNext } from '../respond/list-pages.js';
import { createRandom } from '../respond/random.js';
import type { PlainResponse, Responder } from '../respond/responder.js';
import type { MemoryOptions } from './platform/memory-options.js';
import { PlatformMemory } from './platform/platform-memory.js';
import { type Action, collectionOf, findResources, type ResourceOperation } from './resources.js';

/** A stored resource, such as a project, by field. */
type Resource = Readonly<Record<string, unknown>>;

/** Fields that identify a resource in a path. */
const IDENTIFIERS = ['id', 'uid', 'name', 'slug', 'key'] as const;

interface Call {
  readonly operation: ContractOperation;
  readonly request: UntypedRequest;
  /** Team and path of the collection: teams do not share resources. */
  readonly collection: string;
  /** The identifier in the path; empty for an operation on the collection. */
  readonly identifier: string;
}

/** The document's own body of an operation, and whether the document allows another one. */
interface Template {
  readonly body: unknown;
  readonly isAllowed: (body: unknown) => boolean;
}

/**
 * Remembers resources: a generic create, read, update and delete for every resource path of a document.
 *
 * Responses are the document's own with the fields of the resource. A field that the document does not allow in a response is
 * left out.
 */
export class Memory {
  readonly #operations: ReadonlyMap<string, ResourceOperation>;
  readonly #platform: PlatformMemory;
  readonly #resources = new Map<string, Resource[]>();
  #created = 0;

  constructor(
    readonly contract: Contract,
    readonly responder: Responder,
    readonly seed: number | string,
    options: MemoryOptions,
  ) {
    this.#operations = findResources(contract);
    this.#platform = new PlatformMemory(options, seed, {
      show: ({ operationId }, fields) => {
        const operation = contract.operations[operationId];
        const template = operation && this.#template(operation);
        const hasOtherBody = template?.body !== undefined && !isRecord(template.body);
        if (template === undefined || hasOtherBody) return { body: fields };
        return show(template, fields, (name) => !(name in fields) || fields[name] !== undefined);
      },
      findProject: (idOrName) => {
        const collections = [...this.#resources].filter(([collection]) => collection.endsWith(' /projects'));
        const projects = collections.flatMap(([, resources]) => resources);
        return projects.find(({ id, name }) => id === idOrName || name === idOrName);
      },
    });
  }

  /** Responds from memory; `undefined` for an operation that has neither a resource nor a behaviour. */
  async respond(request: UntypedRequest): Promise<PlainResponse | Response | undefined> {
    const operation = this.contract.operations[request.operationId];
    if (operation === undefined) return undefined;
    const resource = this.#operations.get(request.operationId);
    const behaviour = this.#platform.behaviourOf(operation.method, operation.path);
    // A document that creates projects stores them like every other resource.
    const isStored = resource !== undefined && /\/projects(?:\/\{[^/]*\})?$/.test(operation.path);
    const response = isStored ? undefined : await behaviour?.(request);
    if (response !== undefined || resource === undefined) return response;
    const { parameter, action } = resource;
    const path = collectionOf(new URL(request.request.url).pathname, parameter !== undefined);
    const team = request.query.teamId ?? request.query.slug ?? '';
    const identifier = parameter === undefined ? '' : String(request.params[parameter]);
    return this.#actions[action]({ operation, request, collection: `${team} ${path}`, identifier });
  }

  clear(): void {
    this.#platform.clear();
    this.#resources.clear();
    this.#created = 0;
  }

  readonly #actions: Readonly<Record<Action, (call: Call) => PlainResponse | undefined>> = {
    create: (call) => {
      const { body: own, isAllowed } = this.#template(call.operation);
      if (!isRecord(own)) return undefined;
      this.#created += 1;
      const fields = { ...sentFields(call), ...this.#newId(own) };
      const body = fitFields(own, fields, isAllowed);
      this.#resources.set(call.collection, [...this.#all(call), { ...fields, ...body }]);
      return { body };
    },
    list: (call) => this.#list(call),
    read: (call) =>
      this.#withResource(call, (resource) =>
        this.#show(call, { ...resource, ...this.#platform.factsOf(call.operation.path, resource) }),
      ),
    update: (call) =>
      this.#withResource(call, (resource) => {
        const changed = { ...resource, ...sentFields(call) };
        this.#replace(call, resource, changed);
        return this.#show(call, changed);
      }),
    remove: (call) =>
      this.#withResource(call, (resource) => {
        this.#replace(call, resource);
        return this.#show(call, resource);
      }),
  };

  #list(call: Call): PlainResponse | undefined {
    const { body: own, isAllowed } = this.#template(call.operation);
    if (!isRecord(own)) return undefined;
    const name = Object.keys(own).find((field) => Array.isArray(own[field]));
    if (name === undefined) return undefined;
    const [sample] = [own[name]].flat();
    const { items, next } = pageOf(call, this.#all(call));
    const shown = items.map((item) =>
      fitFields(recordOf(sample), item, (one) => isAllowed({ ...own, [name]: [one] })),
    );
    const body = { ...own, [name]: shown };
    if (!isAllowed(body)) return undefined;
    if (!isPage(body)) return { body };
    const { pagination } = body;
    const counted = { ...body, pagination: { ...pagination, count: shown.length } };
    const hasCount = pagination.count !== undefined && isAllowed(counted);
    return { body: withNext(hasCount ? counted : body, next, isAllowed) };
  }

  #all({ collection }: Call): readonly Resource[] {
    return this.#resources.get(collection) ?? [];
  }

  #withResource(call: Call, use: (resource: Resource) => PlainResponse): PlainResponse {
    const found = this.#all(call).find((one) => IDENTIFIERS.some((field) => one[field] === call.identifier));
    return found === undefined ? { status: 404 } : use(found);
  }

  #replace(call: Call, resource: Resource, ...by: readonly Resource[]): void {
    const changed = this.#all(call).flatMap((one) => (one === resource ? by : [one]));
    this.#resources.set(call.collection, changed);
  }

  #template(operation: ContractOperation): Template {
    const status = this.responder.defaultStatus(operation);
    return {
      body: this.responder.bodyOf(operation, status),
      isAllowed: (body) => this.responder.check(operation, status, body).length === 0,
    };
  }

  /** Responds with a resource. Fields that it does not have are generated only where the document requires them. */
  #show({ operation }: Call, resource: Resource): PlainResponse {
    return show(this.#template(operation), resource, (name) => Object.hasOwn(resource, name));
  }

  /** Makes an id in the form of the document's own: `prj_abc` gives `prj_` and other letters. */
  #newId(own: Resource): Resource {
    const field = ['id', 'uid'].find((name) => typeof own[name] === 'string');
    if (field === undefined) return {};
    const prefix = /^[a-z]+_/.exec(String(own[field]))?.[0] ?? '';
    return { [field]: prefix + createRandom('thing', this.seed, this.#created).text(16) };
  }
}

/** Puts fields into the document's own body, as far as the document allows them. */
function show(
  { body, isAllowed }: Template,
  fields: Resource,
  keeps: (name: string) => boolean,
): PlainResponse {
  if (!isRecord(body)) return {};
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => keeps(name)));
  return { body: fitFields(isAllowed(kept) ? kept : body, defined(fields), isAllowed) };
}

function sentFields({ request }: Call): Resource {
  return recordOf(request.body);
}

/** Returns the resources that a list request asks for, and the cursor of the next page. */
function pageOf({ operation, request }: Call, all: readonly Resource[]) {
  const { query } = request;
  const { search, limit } = query;
  const wanted = typeof search === 'string' ? search.toLowerCase() : '';
  const isFound = (value: unknown) => typeof value === 'string' && value.toLowerCase().includes(wanted);
  const found = wanted === '' ? all : all.filter((resource) => Object.values(resource).some(isFound));
  const parameter = pageParameterOf(operation);
  const from = Number(parameter === undefined ? 0 : (query[parameter] ?? 0));
  // A cursor of another origin is a time or a name: the list starts again.
  const start = Number.isInteger(from) && from <= found.length ? from : 0;
  const size = Number(limit ?? found.length);
  const end = start + (size > 0 ? size : found.length);
  return { items: found.slice(start, end), next: end < found.length ? end : undefined };
}
