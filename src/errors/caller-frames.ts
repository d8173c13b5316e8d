import { VercelError } from './vercel-error.js';

/** Marks an error whose stack names a caller. Registered, so that another installed copy of the package sees it. */
const FRAMED = Symbol.for('vercel-rest.caller-frames');

/**
 * Adds the frames of the code that awaits the current async function to the stack of an error.
 *
 * An error that a timer, a socket or a parser makes has no frame of the program that waits for it. Nothing is captured while a
 * call is under way: the engine knows who awaits it when it fails. An error that several callers share names the first of them.
 *
 * @returns The error. Anything but an error of this package is left as it is.
 */
export function addCallerFrames(error: unknown): unknown {
  if (!(error instanceof VercelError) || FRAMED in error) return error;
  Object.defineProperty(error, FRAMED, { value: true });
  const here = new Error().stack;
  // A program may have set `Error.prepareStackTrace`, which can return anything.
  if (typeof here !== 'string' || typeof error.stack !== 'string') return error;
  const known = new Set(error.stack.split('\n'));
  const frames = here.split('\n').slice(2);
  error.stack = [error.stack, ...frames.filter((frame) => !known.has(frame))].join('\n');
  return error;
}

/** Waits for the work of a public function, and {@link addCallerFrames} to what it rejects with. */
export async function withCallerFrames<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw addCallerFrames(error);
  }
}
