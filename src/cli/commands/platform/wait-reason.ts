import { NotFoundError } from '../../../errors/index.js';
import { messageOf } from '../../../util/message-of.js';

/** Says why a command goes on after an error, for its status line. */
export function waitReason(error: unknown): string {
  return error instanceof NotFoundError
    ? 'no such deployment; one that was just created appears within 30 s'
    : messageOf(error);
}
