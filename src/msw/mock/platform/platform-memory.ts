import { recordOf } from '../../../util/is-record.js';
import type { UntypedRequest } from '../../handlers/handler-settings.js';
import { createRandom } from '../../respond/random.js';
import type { PlainResponse } from '../../respond/responder.js';
import { pathShapeOf } from '../resources.js';
import {
  type Behaviour,
  type Behaviours,
  type Fields,
  type Platform,
  type Project,
  pathValue,
} from './behaviour.js';
import { MockDeployments } from './deployments.js';
import { MockDomains } from './domains.js';
import { MockEnvironment } from './environment.js';
import type { MemoryOptions } from './memory-options.js';
import { MockPromotions } from './promotions.js';

/** The parts of the memory that its behaviours need. */
interface MemoryAccess {
  /** Puts fields into the document's own response of an operation. */
  show(request: UntypedRequest, fields: Fields): PlainResponse;
  /** Finds a created project. */
  findProject(idOrName: string): Fields | undefined;
}

/**
 * The behaviours of the Vercel API beyond create and read: files by digest, builds of deployments, refused environment
 * variables, verification of domains, promotions that take time.
 */
export class PlatformMemory implements Platform {
  readonly options: MemoryOptions;
  readonly #seed: number | string;
  readonly #access: MemoryAccess;
  readonly #projects: (Project & Fields)[] = [];
  readonly #deployments = new MockDeployments(this);
  readonly #environment = new MockEnvironment(this);
  readonly #domains = new MockDomains(this);
  readonly #promotions = new MockPromotions(this);
  readonly #behaviours: Behaviours;
  #ids = 0;

  constructor(options: MemoryOptions, seed: number | string, access: MemoryAccess) {
    this.options = options;
    this.#access = access;
    this.#seed = seed;
    this.#behaviours = {
      ...this.#deployments.behaviours,
      ...this.#environment.behaviours,
      ...this.#domains.behaviours,
      ...this.#promotions.behaviours,
      'GET /projects/{}': (request) => this.#showProject(request, {}),
      'PATCH /projects/{}': (request) => this.#showProject(request, recordOf(request.body)),
    };
  }

  /** Finds the behaviour of an operation; `undefined` for one without. */
  behaviourOf(method: string, path: string): Behaviour | undefined {
    const key = `${method} ${pathShapeOf(path)}`;
    return Object.hasOwn(this.#behaviours, key) ? this.#behaviours[key] : undefined;
  }

  show(request: UntypedRequest, fields: Fields): PlainResponse {
    return this.#access.show(request, fields);
  }

  /** Returns the facts that a project has beside those of its creation. */
  factsOf(path: string, { id }: Fields): Fields {
    return path.includes('/projects/') ? this.#promotions.latest(String(id)) : {};
  }

  newId(prefix: string): string {
    this.#ids += 1;
    return prefix + createRandom('platform', this.#seed, this.#ids).text(24);
  }

  projectOf(idOrName: string): Project {
    const created = this.#access.findProject(idOrName);
    if (created !== undefined) return { id: String(created.id), name: String(created.name) };
    const known = this.#projects.find(({ id, name }) => id === idOrName || name === idOrName);
    if (known !== undefined) return known;
    const isId = idOrName.startsWith('prj_');
    const made = isId
      ? { id: idOrName, name: idOrName.slice(4).toLowerCase() }
      : { id: this.newId('prj_'), name: idOrName };
    this.#projects.push(made);
    return made;
  }

  changeProject({ id }: Project, changes: Fields): void {
    const at = this.#projects.findIndex((one) => one.id === id);
    const before = this.#projects[at];
    if (before !== undefined) this.#projects[at] = { ...before, ...changes };
  }

  clear(): void {
    this.#projects.length = 0;
    this.#ids = 0;
    for (const part of [this.#deployments, this.#environment, this.#domains, this.#promotions]) part.clear();
  }

  #showProject(request: UntypedRequest, changes: Fields): PlainResponse {
    const { id } = this.projectOf(pathValue(request, 'idOrName'));
    this.changeProject({ id, name: '' }, changes);
    const project = this.projectOf(id);
    return this.show(request, { ...project, ...this.#promotions.latest(id) });
  }
}
