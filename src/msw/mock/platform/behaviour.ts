import type { UntypedRequest } from '../../handlers/handler-settings.js';
import { errorBody } from '../../respond/json-response.js';
import type { PlainResponse } from '../../respond/responder.js';
import type { MemoryOptions } from './memory-options.js';

/** Facts of a thing, by field. */
export type Fields = Readonly<Record<string, unknown>>;

/** The facts and functions that the behaviours of a mock share. */
export interface Platform {
  readonly options: MemoryOptions;
  /** A new id, the same ones in the same order for the same seed. */
  newId(prefix: string): string;
  /** A success whose body is the document's own with these fields, as far as the document allows them. */
  show(request: UntypedRequest, fields: Fields): PlainResponse;
  /** Finds a project by id or name, and makes it where it is missing. */
  projectOf(idOrName: string): Project;
  /** Changes facts of a project that other operations show. */
  changeProject(project: Project, changes: Fields): void;
}

/** A project, as far as the behaviours know it. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

type Answer = PlainResponse | Response | undefined;

/** Answers an operation; `undefined` leaves the answer to the mock. */
export type Behaviour = (request: UntypedRequest) => Answer | Promise<Answer>;

/** Behaviours by method and path, without the version and the names of parameters: `GET /deployments/{}`. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

/** A refusal in the API's own form. */
export function refuse(
  status: number,
  code: string,
  message: string,
  extra?: Readonly<Record<string, unknown>>,
): PlainResponse {
  return { status, body: errorBody(code, message, extra) };
}

/** A path parameter as text. */
export function pathValue(request: UntypedRequest, ...names: readonly string[]): string {
  const name = names.find((one) => request.params[one] !== undefined) ?? '';
  return String(request.params[name]);
}
