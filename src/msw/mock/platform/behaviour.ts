import type { UntypedRequest } from '../../handlers/handler-settings.js';
import { errorBody } from '../../respond/json-response.js';
import type { PlainResponse } from '../../respond/responder.js';
import type { MemoryOptions } from './memory-options.js';

/** Facts of a resource, by field. */
export type Fields = Readonly<Record<string, unknown>>;

/** The facts and functions that the behaviours of a mock share. */
export interface Platform {
  readonly options: MemoryOptions;
  /** Returns a new id: the same ids in the same order for one seed. */
  newId(prefix: string): string;
  /** Responds with the document's own body and these fields, as far as the document allows them. */
  show(request: UntypedRequest, fields: Fields): PlainResponse;
  /** Finds a project by id or name, or creates it. */
  projectOf(idOrName: string): Project;
  /** Changes facts of a project that other operations show. */
  changeProject(project: Project, changes: Fields): void;
}

/** Id and name of a project. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

type BehaviourResponse = PlainResponse | Response | undefined;

/** Responds to an operation; `undefined` leaves the response to the mock. */
export type Behaviour = (request: UntypedRequest) => BehaviourResponse | Promise<BehaviourResponse>;

/** Behaviours by method and path, without the version and the names of parameters: `GET /deployments/{}`. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

/** Makes an error response in the API's own form. */
export function refuse(
  status: number,
  code: string,
  message: string,
  extra?: Readonly<Record<string, unknown>>,
): PlainResponse {
  return { status, body: errorBody(code, message, extra) };
}

/** Returns a path parameter as text. */
export function pathValue(request: UntypedRequest, ...names: readonly string[]): string {
  const name = names.find((one) => request.params[one] !== undefined) ?? '';
  return String(request.params[name]);
}
