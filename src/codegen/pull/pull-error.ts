import { safeText } from '../../util/redact.js';

/** A pull that ended without a result; nothing was changed. */
export class PullError extends Error {
  override readonly name: string = 'PullError';
  /** The advice to the user: a sentence or two. */
  readonly next: string;

  constructor(message: string, next: string, options?: ErrorOptions) {
    super(message, options);
    this.next = next;
  }
}

/** Shows text of a server or of a document in a message: on one line, short, and unable to steer a terminal. */
export function quote(text: string): string {
  return JSON.stringify(safeText(text.slice(0, 160)));
}
