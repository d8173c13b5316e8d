import { http, type RequestHandler } from 'msw';
import { escapeHtml } from '../../util/markup.js';
import type { MockOrigin } from '../handlers/match-path.js';
import { type Consent, decide } from './consent-operations.js';
import { environmentOf } from './destinations.js';
import type { State } from './emulator-state.js';

const PAGES = 'https://connect\\.vercel\\.com';

/** The pages on which a person decides, at Vercel's own address and at that of the emulator, and the page at `/`. */
export function pageHandlers(origin: MockOrigin, state: State): RequestHandler[] {
  const pattern = new RegExp(`^(?:${origin.source}|${PAGES})/(?:authorize|install|register)/[\\w-]+$`);
  const consentOf = (request: Request) =>
    state.consents.get(new URL(request.url).pathname.split('/').at(-1) ?? '');
  return [
    http.get(pattern, ({ request }) => {
      const consent = consentOf(request);
      return consent === undefined ? page(404, 'This request does not exist', '') : consentPage(consent);
    }),
    http.post(pattern, async ({ request }) => {
      const consent = consentOf(request);
      const form = new URLSearchParams(await request.text());
      const decision = form.get('decision');
      const isDecision = decision === 'approve' || decision === 'deny';
      if (consent === undefined || !isDecision) return page(400, 'This is not a decision', '');
      // Another site can send this form too, with the cookies and from the machine of the user who opens it.
      if (form.get('token') !== consent.formToken)
        return page(403, 'This form is not from this page', '<p>Open the page and decide there.</p>');
      if (!decide(state, consent, decision === 'approve'))
        return page(410, 'This request is over', '<p>Start another one.</p>');
      if (consent.returnUrl !== undefined)
        return new Response(null, { status: 303, headers: { location: consent.returnUrl } });
      const title = decision === 'approve' ? 'Approved' : consent.page === 'register' ? 'Canceled' : 'Denied';
      return page(200, title, '<p id="done">You can close this window.</p>');
    }),
    http.get(new RegExp(`^${origin.source}/?$`), () => overviewPage(state)),
  ];
}

const TITLES = { authorize: 'Authorize', install: 'Install', register: 'Register' } as const;

function consentPage({ name, userId, scopes, page: kind, formToken }: Consent): Response {
  const user = userId === undefined ? '' : ` for <b>${escapeHtml(userId)}</b>`;
  const title = `${TITLES[kind]} ${escapeHtml(name)}`;
  const items = scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('');
  return page(
    200,
    title,
    `<p>${title}${user}?</p>
${items === '' ? '' : `<p>Scopes:</p>\n<ul>${items}</ul>\n`}<form method="post">
<input type="hidden" name="token" value="${formToken}">
<button id="approve" name="decision" value="approve">Approve</button>
<button id="deny" name="decision" value="deny">${kind === 'register' ? 'Cancel' : 'Deny'}</button>
</form>`,
  );
}

const COLUMNS = ['UID', 'Id', 'Type', 'Projects', 'Users', 'Installations', 'Events go to', 'Tokens'];

/** Shows the connectors and the open requests. It shows no token. */
function overviewPage({ connectors, consents, tokens, publicUrl }: State): Response {
  const rows = [...connectors.values()].map((connector) => {
    const { links, everyProject, users, installations, facts } = connector;
    const { uid, id, type, triggerDestinations = [] } = facts;
    const linked = [...links].flatMap(([project, link]) =>
      link === undefined ? [] : [`${project} (${link.environments.join(', ')})`],
    );
    const projects = everyProject === undefined ? linked : ['every project', ...linked];
    const destinations = triggerDestinations.map(
      (one) => `${one.projectId} ${environmentOf(one)} ${one.path ?? '/'}`,
    );
    const lists = [projects, users, installations, destinations];
    const texts = lists.map((names) => [...names].join('; ') || '-');
    return [uid, id, type, ...texts, String(tokens.count(id))];
  });
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const table =
    rows.length === 0
      ? '<p id="empty">No connectors. Make one: <code>vercel-rest connect create slack --name Bot</code></p>'
      : `<table id="connectors">${row('th', COLUMNS)}${rows.map((cells) => row('td', cells)).join('')}</table>`;
  const open = [...consents.values()]
    .filter(({ outcome }) => outcome === 'pending')
    .map(
      ({ page: kind, request, name }) =>
        `<li><a href="${publicUrl ?? ''}/${kind}/${request}">${kind} ${escapeHtml(name)}</a></li>`,
    );
  const waiting =
    open.length === 0
      ? '<p>No request waits for a decision.</p>'
      : `<h2>Waiting for a decision</h2>\n<ul id="consents">${open.join('')}</ul>`;
  return page(200, 'Vercel Connect emulator', `${table}\n${waiting}`);
}

/**
 * Makes the response for a page.
 *
 * @param title - HTML, as `body` is.
 */
function page(status: number, title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>:root{color-scheme:light dark}body{font:16px system-ui;max-width:60rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}table{border-collapse:collapse}th,td{text-align:left;padding:.3rem 1rem .3rem 0;vertical-align:top}code{overflow-wrap:anywhere}</style>
<h1>${title}</h1>
${body}
<p><small>An emulator, not Vercel.</small></p>
</html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    // Nothing from elsewhere, and not in a frame of another page, which could lead a click to it.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https: http:; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  return new Response(html, { status, headers });
}
