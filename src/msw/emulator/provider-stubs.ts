import { isRecord } from '../../util/is-record.js';
import { jsonResponse } from '../respond/json-response.js';
import type { TokenHolder } from './providers.js';

/** A provider of the emulator that has an API of its own. */
export type ProviderName = 'slack' | 'github' | 'linear' | 'notion' | 'oauth';

interface ProviderRequest {
  /** Below the provider's base. */
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  /** Parsed JSON, or text. */
  readonly body: unknown;
  /** The holder of the token; `undefined` for a refused token. */
  readonly holder: TokenHolder | undefined;
}

interface ProviderStub {
  readonly name: ProviderName;
  readonly base: string;
  readonly respond: (request: ProviderRequest) => Response;
}

/** The providers, after their public API references. Each refuses a token in its own way. */
export const PROVIDERS: readonly ProviderStub[] = [
  {
    // Slack responds 200 to every request and names errors in the body: https://docs.slack.dev/apis/web-api/
    name: 'slack',
    base: 'https://slack.com/api',
    respond({ path, body, holder }) {
      const failed = (error: string) => jsonResponse(200, { ok: false, error });
      if (holder === undefined) return failed('invalid_auth');
      const team = { team: 'Acme', team_id: 'T0EMULATED', url: 'https://acme.slack.com/' };
      switch (path) {
        case '/auth.test':
          return jsonResponse(200, { ok: true, ...team, user: holder.subject, user_id: 'U0EMULATED' });
        case '/conversations.list':
          return jsonResponse(200, { ok: true, channels: [{ id: 'C0EMULATED', name: 'general' }] });
        case '/chat.postMessage': {
          // Slack's own SDK sends forms, others send JSON.
          const fields = isRecord(body) ? body : Object.fromEntries(new URLSearchParams(String(body ?? '')));
          const { channel, text } = fields;
          if (typeof channel !== 'string') return failed('channel_not_found');
          return jsonResponse(200, { ok: true, channel, ts: '1788000000.000100', message: { text } });
        }
        default:
          return failed('unknown_method');
      }
    },
  },
  {
    // https://docs.github.com/rest
    name: 'github',
    base: 'https://api.github.com',
    respond({ path, method, body, holder }) {
      if (holder === undefined) return jsonResponse(401, { message: 'Bad credentials', status: '401' });
      if (path === '/user') return jsonResponse(200, { login: holder.subject, id: 1, type: 'User' });
      if (path === '/installation/repositories') {
        return jsonResponse(200, { total_count: 1, repositories: [{ id: 1, full_name: 'acme/shop' }] });
      }
      if (/^\/repos\/[^/]+\/[^/]+\/issues$/.test(path)) {
        if (method === 'GET') return jsonResponse(200, [{ number: 1, title: 'First issue', state: 'open' }]);
        const title = isRecord(body) ? body.title : undefined;
        if (typeof title !== 'string')
          return jsonResponse(422, { message: 'Validation Failed', status: '422' });
        return jsonResponse(201, { number: 2, title, state: 'open', user: { login: holder.subject } });
      }
      return jsonResponse(404, { message: 'Not Found', status: '404' });
    },
  },
  {
    // https://linear.app/developers/graphql
    name: 'linear',
    base: 'https://api.linear.app/graphql',
    respond({ body, holder }) {
      const failed = (status: number, message: string, type: string) =>
        jsonResponse(status, { errors: [{ message, extensions: { type } }] });
      if (holder === undefined) {
        return failed(401, 'Authentication required, not authenticated', 'authentication error');
      }
      const query = isRecord(body) && typeof body.query === 'string' ? body.query : '';
      const issue = { id: 'issue-1', identifier: 'ACME-1', title: 'First issue' };
      if (query.includes('issueCreate')) {
        return jsonResponse(200, { data: { issueCreate: { success: true, issue } } });
      }
      if (query.includes('issues')) return jsonResponse(200, { data: { issues: { nodes: [issue] } } });
      if (query.includes('viewer')) {
        const viewer = { id: 'user-1', name: holder.subject, email: `${holder.subject}@acme.example` };
        return jsonResponse(200, { data: { viewer } });
      }
      return failed(400, 'The emulator knows viewer, issues and issueCreate.', 'graphql error');
    },
  },
  {
    // https://developers.notion.com/reference
    name: 'notion',
    base: 'https://api.notion.com/v1',
    respond({ path, headers, holder }) {
      const failed = (status: number, code: string, message: string) =>
        jsonResponse(status, { object: 'error', status, code, message });
      if (holder === undefined) return failed(401, 'unauthorized', 'API token is invalid.');
      if (!headers.has('notion-version')) {
        return failed(400, 'missing_version', 'Notion-Version header should be defined.');
      }
      if (path === '/users/me') {
        return jsonResponse(200, { object: 'user', id: 'user-1', type: 'bot', name: holder.subject });
      }
      if (path === '/search') {
        const page = { object: 'page', id: 'page-1', url: 'https://www.notion.so/page-1' };
        return jsonResponse(200, { object: 'list', results: [page], has_more: false, next_cursor: null });
      }
      return failed(404, 'object_not_found', 'Could not find it.');
    },
  },
  {
    // A provider with OAuth alone: userinfo of OpenID Connect Core, section 5.3.
    name: 'oauth',
    base: 'https://oauth.example.com',
    respond({ path, holder }) {
      if (holder === undefined) {
        const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
        return jsonResponse(401, { error: 'invalid_token' }, headers);
      }
      if (path !== '/userinfo') return jsonResponse(404, { error: 'not_found' });
      return jsonResponse(200, { sub: holder.subject, name: holder.subject });
    },
  },
];
