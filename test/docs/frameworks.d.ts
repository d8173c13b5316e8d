// The parts of frameworks that the recipes use. CI builds and runs the frameworks themselves in test/hosts.
declare module 'hono' {
  interface Context {
    readonly req: { readonly raw: Request };
    json(value: unknown): Response;
    body(value: null, status: number): Response;
  }
  type Handler = (context: Context) => Promise<Response>;
  export class Hono {
    get(path: string, handler: Handler): this;
    post(path: string, handler: Handler): this;
  }
}
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Response extends ServerResponse {
    json(value: unknown): this;
    status(code: number): this;
  }
  type Handler = (request: IncomingMessage, response: Response) => Promise<void>;
  interface Application {
    get(path: string, handler: Handler): void;
    post(path: string, handler: Handler): void;
    listen(port: number): void;
  }
  const express: () => Application;
  // biome-ignore lint/style/noDefaultExport: Express has one.
  export default express;
}
declare module '@nestjs/common' {
  export function Controller(): ClassDecorator;
  export function Injectable(): ClassDecorator;
  export function Get(): MethodDecorator;
  export function Module(options: object): ClassDecorator;
}
declare module 'h3' {
  interface Event {
    readonly node: object;
  }
  export function defineEventHandler<Result>(handler: (event: Event) => Result): (event: Event) => Result;
  export function toWebRequest(event: Event): Request;
  export function createError(input: { statusCode: number; message: string; cause: unknown }): Error;
}
declare module '$app/env/private' {
  export const VERCEL_TOKEN: string | undefined;
}
declare module '@sveltejs/kit/env' {
  interface Variable {
    readonly schema?: (value: string | undefined) => string | undefined;
  }
  export function defineEnvVars<Variables extends Record<string, Variable>>(variables: Variables): Variables;
}
