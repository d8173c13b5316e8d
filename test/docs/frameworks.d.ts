// The parts of frameworks that the recipes use. CI builds and runs the frameworks themselves in test/hosts.
declare module 'hono' {
  interface Context {
    readonly req: { readonly raw: Request };
    json(value: unknown): Response;
    body(value: null, status: number): Response;
  }
  type Handler = (context: Context) => Promise<Response>;
  export class Hono {
    readonly fetch: (request: Request) => Response | Promise<Response>;
    get(path: string, handler: Handler): this;
    post(path: string, handler: Handler): this;
  }
}
declare module '@hono/node-server' {
  import type { Hono } from 'hono';

  export function serve(options: Pick<Hono, 'fetch'> & { port: number }): void;
}
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type Request = IncomingMessage;
  export interface Response extends ServerResponse {
    json(value: unknown): this;
    status(code: number): this;
  }
  export type NextFunction = (error?: unknown) => void;
  type Handler = (request: Request, response: Response) => Promise<void>;
  type ErrorHandler = (error: unknown, request: Request, response: Response, next: NextFunction) => void;
  interface Application {
    get(path: string, handler: Handler): void;
    post(path: string, handler: Handler): void;
    use(handler: ErrorHandler): void;
    listen(port: number): void;
  }
  const express: () => Application;
  // biome-ignore lint/style/noDefaultExport: Express has one.
  export default express;
}
declare module '@nestjs/common' {
  export function Controller(path?: string): ClassDecorator;
  export function Injectable(): ClassDecorator;
  export function Get(): MethodDecorator;
  export function Post(): MethodDecorator;
  export function Req(): ParameterDecorator;
  export function Module(options: object): ClassDecorator;
  export type RawBodyRequest<Request> = Request & { rawBody?: Buffer };
  export class HttpException extends Error {
    constructor(response: string, status: number);
  }
}
declare module '@nestjs/core' {
  interface Application {
    enableShutdownHooks(): this;
    listen(port: string | number): Promise<unknown>;
  }
  export const NestFactory: { create(module: new () => object): Promise<Application> };
}
// Nuxt imports these by itself.
interface H3Event {
  readonly node: object;
}
declare function defineEventHandler<Result>(handler: (event: H3Event) => Result): (event: H3Event) => Result;
declare function toWebRequest(event: H3Event): Request;
declare function createError(input: { statusCode: number; message: string; cause: unknown }): Error;
declare module '$app/env/private' {
  export const VERCEL_TOKEN: string | undefined;
}
declare module 'astro:env/server' {
  export const VERCEL_TOKEN: string | undefined;
}
declare module '@sveltejs/kit/env' {
  interface Variable {
    readonly schema?: (value: string | undefined) => string | undefined;
  }
  export function defineEnvVars<Variables extends Record<string, Variable>>(variables: Variables): Variables;
}
// Other files of a recipe: those that hold the client, and the module of NestJS.
type RestClient = ReturnType<typeof import('vercel-rest').createClient>;
declare module '@/lib/vercel' {
  export const vercel: RestClient;
}
declare module '*/server/vercel' {
  export const vercel: RestClient;
}
declare module '*/utils/vercel' {
  export const vercel: RestClient;
}
declare module '*/vercel.server' {
  export const vercel: RestClient;
}
declare module '*/app.module.js' {
  export class AppModule {}
}
