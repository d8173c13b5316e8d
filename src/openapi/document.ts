/** A parsed JSON object whose shape is not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** The parts of an OpenAPI 3.1 document that the generator reads. */
export interface OpenApiDocument extends JsonObject {
  readonly info: { readonly title: string; readonly version: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly security?: readonly JsonObject[];
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonObject>> };
}
