// Static imports compiled to CommonJS, as Jest does by default; the mock is an ES module beside them.
import { getToken, isThere, listUids } from './app';

const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };

test('the server answers a GET and a token', async () => {
  expect(await listUids(options)).toContain('slack/acme');
  expect(await getToken(options)).toMatch(/^host-token-\d+$/);
});

describe('with the mock', () => {
  let mock;
  beforeAll(async () => {
    const { setupMock } = await import('vercel-rest/msw');
    mock = setupMock();
    await mock.start();
  });
  afterEach(() => mock.reset());
  afterAll(() => mock.close());

  test('a planned answer is of the class that the application asks for', async () => {
    expect(await isThere('slack/acme', { bearerToken: 'mocked' })).toBe(true);
    mock.once('getConnector', 404);
    expect(await isThere('slack/acme', { bearerToken: 'mocked' })).toBe(false);
    expect(mock.requests.map(({ status }) => status)).toEqual([200, 404]);
    process.stdout.write('\nran: mock test\n');
  });
});
