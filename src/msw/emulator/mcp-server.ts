import { isRecord, recordOf } from '../../util/is-record.js';
import { parseJson } from '../../util/parse-json.js';
import { jsonResponse } from '../respond/json-response.js';
import type { TokenHolder } from './providers.js';

/** A small MCP server: Streamable HTTP at `/mcp`, the older transport of two endpoints at `/sse`. */
interface McpServer {
  /** @param holder - The holder of the token; `undefined` gives 401. */
  respond(request: Request, text: string, holder: TokenHolder | undefined): Promise<Response>;
  /** Sets the origin that the metadata names. */
  setOrigin(origin: string): void;
  reset(): void;
}

const LATEST_VERSION = '2025-06-18';

const TOOLS = [
  {
    name: 'whoami',
    description: 'Names the holder of the token.',
    inputSchema: { type: 'object', properties: {} },
  },
  {
    name: 'create_issue',
    description: 'Creates an issue.',
    inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  },
  {
    name: 'list_issues',
    description: 'Lists the issues of this user.',
    inputSchema: { type: 'object', properties: {} },
  },
];

/** Makes a server without issues. */
export function createMcpServer(): McpServer {
  const issues = new Map<string, string[]>();
  const sessions = new Map<string, ReadableStreamDefaultController<Uint8Array>>();
  let origin = 'https://mcp.example.com';

  function call(name: unknown, input: unknown, { connector, subject }: TokenHolder): unknown {
    const key = `${connector}\n${subject}`;
    const own = issues.get(key) ?? [];
    switch (name) {
      case 'whoami':
        return textResult(`${subject} through ${connector}`);
      case 'create_issue':
        issues.set(key, [...own, isRecord(input) ? String(input.title) : '']);
        return textResult(`Created issue ${own.length + 1}.`);
      case 'list_issues':
        return textResult(own.map((title, index) => `${index + 1}. ${title}`).join('\n') || 'No issues.');
      default:
        return { content: [{ type: 'text', text: 'Unknown tool.' }], isError: true };
    }
  }

  /** Responds to one message; `undefined` for a notification. */
  function handle(message: unknown, holder: TokenHolder): object | undefined {
    if (!isRecord(message) || message.id === undefined || message.method === undefined) return undefined;
    const { id, method } = message;
    const params = recordOf(message.params);
    const result = (value: unknown) => ({ jsonrpc: '2.0', id, result: value });
    switch (method) {
      case 'initialize':
        return result({
          protocolVersion: params.protocolVersion ?? LATEST_VERSION,
          capabilities: { tools: {} },
          serverInfo: { name: 'emulated-mcp', version: '1.0.0' },
        });
      case 'ping':
        return result({});
      case 'tools/list':
        return result({ tools: TOOLS });
      case 'tools/call':
        return result(call(params.name, params.arguments, holder));
      default:
        return { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } };
    }
  }

  /** Opens the stream of the older transport, whose first event names the endpoint for messages. */
  function openStream(): Response {
    const session = crypto.randomUUID();
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        sessions.set(session, controller);
        controller.enqueue(event('endpoint', `/messages?sessionId=${session}`));
      },
      cancel: () => void sessions.delete(session),
    });
    return new Response(stream, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    });
  }

  function sendToStream(session: string | null, message: unknown, holder: TokenHolder): Response {
    const controller = sessions.get(session ?? '');
    if (controller === undefined) return jsonResponse(404, { error: 'Unknown session.' });
    const response = handle(message, holder);
    if (response !== undefined) controller.enqueue(event('message', JSON.stringify(response)));
    return new Response(null, { status: 202 });
  }

  function exchange(message: unknown, holder: TokenHolder): Response {
    const messages = Array.isArray(message) ? message : [message];
    const responses = messages.flatMap((one) => handle(one, holder) ?? []);
    if (responses.length === 0) return new Response(null, { status: 202 });
    return jsonResponse(200, Array.isArray(message) ? responses : responses[0]);
  }

  return {
    async respond(request, text, holder) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname.startsWith('/.well-known/oauth-protected-resource')) {
        // RFC 9728. The authorization server is Connect, on another origin.
        return jsonResponse(200, {
          resource: `${origin}/mcp`,
          authorization_servers: ['https://connect.vercel.com'],
        });
      }
      if (!['/mcp', '/sse', '/messages'].includes(pathname)) return jsonResponse(404, { error: 'not_found' });
      if (holder === undefined) {
        const metadata = `${origin}/.well-known/oauth-protected-resource`;
        const challenge = `Bearer error="invalid_token", resource_metadata="${metadata}"`;
        return jsonResponse(401, { error: 'invalid_token' }, { 'www-authenticate': challenge });
      }
      if (pathname === '/sse' && request.method === 'GET') return openStream();
      // This server starts no messages, and keeps no sessions over Streamable HTTP.
      if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
      const parsed = parseJson(text);
      if (parsed === undefined)
        return jsonResponse(400, {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32_700, message: 'Parse error' },
        });
      return pathname === '/messages'
        ? sendToStream(searchParams.get('sessionId'), parsed.value, holder)
        : exchange(parsed.value, holder);
    },
    setOrigin: (url) => {
      origin = url;
    },
    reset() {
      issues.clear();
      for (const controller of sessions.values()) controller.close();
      sessions.clear();
    },
  };
}

function textResult(text: string): object {
  return { content: [{ type: 'text', text }] };
}

function event(name: string, data: string): Uint8Array {
  return new TextEncoder().encode(`event: ${name}\ndata: ${data}\n\n`);
}
