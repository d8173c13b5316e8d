// Serves the emulator of the platform in a process of its own, and prints its URL.
import { fileURLToPath } from 'node:url';

const { createMock } = await import(new URL('../dist/msw/index.js', import.meta.url).href);
const document = fileURLToPath(new URL('../dist/openapi/platform.json', import.meta.url));
// @vercel/client sends file modes, which the published document does not have.
const mock = createMock({ document, memory: true, validate: { body: false } });
const server = await mock.listen();
console.log(server.url);
