import type { RequestHandler } from 'msw';
import { handlersOf } from '../handlers/build-handlers.js';
import { openContract } from '../handlers/open-contract.js';
import { type RunningServer, serveRequests } from '../server/http-server.js';
import type { UntypedOperations } from '../types.js';
import { MockCore, type UntypedMockOptions } from './mock-core.js';
import type { Mock } from './types.js';

/** A mock whose calls are checked against the document itself; {@link Mock} is what the document's types make of it. */
export class DocumentMock extends MockCore implements Mock<UntypedOperations> {
  readonly handlers: RequestHandler[];

  constructor(options: UntypedMockOptions) {
    super(options, openContract(options));
    this.handlers = handlersOf(this.core);
  }

  listen(port?: number): Promise<RunningServer> {
    return serveRequests((request) => this.answer(request), { port, baseUrl: this.baseUrl });
  }
}
