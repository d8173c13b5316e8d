import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/** What a bench server does. */
export interface ServerSettings {
  /** Share of requests that are answered badly, from 0 to 1. */
  readonly faultShare: number;
  readonly tokenLifeMs: number;
}

/** A server in another thread of this process. */
export interface BenchServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends it, with its connections. */
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startServer(settings: Partial<ServerSettings> = {}): Promise<BenchServer> {
  const workerData: ServerSettings = { faultShare: 0, tokenLifeMs: 3_600_000, ...settings };
  const worker = new Worker(await compile('./server-worker.ts'), { eval: true, workerData });
  const [port] = await once(worker, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await worker.terminate();
    },
  };
}

/** A worker knows no TypeScript on all Node versions that we run on, tsx or not. */
async function compile(program: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
