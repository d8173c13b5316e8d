import type { Method } from './operation-info.js';
import type { ParameterStyle } from './parameters.js';
import type { SecurityScheme } from './security-schemes.js';

/** A JSON Schema (draft 2020-12, the dialect of OpenAPI 3.1) as plain data. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** One parameter of an operation, its `$ref` already followed. */
export interface ContractParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** The style, where it is not the default of its place. */
  readonly style?: ParameterStyle;
  /** Whether a query may have it with an empty value, whatever its schema says; absent for no. */
  readonly allowEmptyValue?: true;
  /** A documented example value, when the document has one. */
  readonly example?: unknown;
}

/** A body of a request or response: one media type, its schema and, where documented, an example. */
export interface ContractBody {
  readonly mediaType: string;
  readonly schema: JsonSchema;
  /** Documented examples by name, in document order; empty without any. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** The styles of those fields of a form that the document gives one; absent for none. */
  readonly fieldStyles?: Readonly<Record<string, ParameterStyle>>;
  /** The rules for the parts of a multipart form, by name; absent for none. */
  readonly parts?: Readonly<Record<string, ContractPart>>;
  /** Further media types that the document has for the same body; absent for none. */
  readonly others?: readonly ContractBody[];
}

/** The rules for a part of a multipart form (OpenAPI 3.1, Encoding Object). */
export interface ContractPart {
  /** The media types that it may have; absent for any. */
  readonly mediaTypes?: readonly string[];
  readonly headers?: readonly ContractHeader[];
}

/** A documented header of a response, or of a part of a form. */
export interface ContractHeader {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** A documented example value, when the document has one. */
  readonly example?: unknown;
}

/** One documented response of an operation. */
export interface ContractResponse {
  readonly description: string;
  /** Absent where the document has none for the status. */
  readonly headers?: readonly ContractHeader[];
  /** Absent where the document has no body for the status. */
  readonly body?: ContractBody;
}

/** One operation, as a mock needs it. */
export interface ContractOperation {
  readonly operationId: string;
  readonly method: Method;
  /** Path template, e.g. `/v1/connect/token/{connector}`. */
  readonly path: string;
  /** Whether the operation needs credentials. */
  readonly secured: boolean;
  /** Alternatives, each a set of schemes; absent where a bearer alone, or nothing, is needed. */
  readonly security?: readonly (readonly SecurityScheme[])[];
  readonly deprecated: boolean;
  /** Tags of the document; absent where they are unknown. */
  readonly tags?: readonly string[];
  readonly summary?: string;
  /** The URLs of its own servers, beside those of the document. */
  readonly servers?: readonly string[];
  readonly parameters: readonly ContractParameter[];
  readonly requestBody?: (ContractBody & { readonly required: boolean }) | undefined;
  /** By status, e.g. `'200'`, `'404'`, `'default'`. */
  readonly responses: Readonly<Record<string, ContractResponse>>;
}

/** A document reduced to what a mock needs. Schemas refer to each other by `#/components/schemas/Name`. */
export interface Contract {
  readonly title: string;
  readonly version: string;
  /** SHA-256 of the document that this was made from, hex. */
  readonly documentHash: string;
  readonly baseUrl: string;
  /** The URLs of all servers, where the document has more than one or they are mere paths; else {@link baseUrl} alone. */
  readonly servers?: readonly string[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly operations: Readonly<Record<string, ContractOperation>>;
}
