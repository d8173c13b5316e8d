import { AssertionError } from 'node:assert';

type ErrorClass<E> = abstract new (...args: never[]) => E;

/** The error of the given class that a promise rejects with; fails when it resolves or the error is another. */
export async function caught<E>(promise: Promise<unknown>, errorClass: ErrorClass<E>): Promise<E> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return checked(outcome, errorClass);
}

/** The error of the given class that a function throws; fails when it returns or the error is another. */
export function thrownBy<E>(run: () => unknown, errorClass: ErrorClass<E>): E {
  let outcome: { value: unknown } | { error: unknown };
  try {
    outcome = { value: run() };
  } catch (error) {
    outcome = { error };
  }
  return checked(outcome, errorClass);
}

function checked<E>(outcome: { value: unknown } | { error: unknown }, errorClass: ErrorClass<E>): E {
  if ('value' in outcome) {
    throw new AssertionError({ message: `expected ${errorClass.name}, got a value`, actual: outcome.value });
  }
  if (outcome.error instanceof errorClass) return outcome.error;
  throw new AssertionError({
    message: `expected ${errorClass.name}, got ${String(outcome.error)}`,
    actual: outcome.error,
  });
}
