import { http, type RequestHandler } from 'msw';
import { escapeHtml } from '../../util/markup.js';
import type { Place } from '../handlers/match-path.js';
import { type Consent, decide } from './consent-operations.js';
import type { State } from './emulator-state.js';

const PAGES = 'https://connect\\.vercel\\.com';

/** The pages on which a person decides, at Vercel's own address and at that of the emulator. */
export function consentPages(place: Place, state: State): RequestHandler[] {
  const pattern = new RegExp(`^(?:${place.source}|${PAGES})/(?:authorize|install)/[\\w-]+$`);
  return [
    http.get(pattern, ({ request }) => {
      const consent = find(state, request);
      return consent === undefined
        ? page(404, 'There is no such request', '')
        : page(200, ...question(state, consent));
    }),
    http.post(pattern, async ({ request }) => {
      const consent = find(state, request);
      const form = new URLSearchParams(await request.text());
      const decision = form.get('decision');
      const isDecision = decision === 'approve' || decision === 'deny';
      if (consent === undefined || !isDecision) return page(400, 'This is no decision', '');
      // Another site can send this form too, with the cookies and from the machine of whoever looks at it.
      if (form.get('token') !== consent.formToken)
        return page(403, 'This form is not from this page', '<p>Open the page and decide there.</p>');
      if (!decide(state, consent, decision === 'approve'))
        return page(410, 'This request is over', '<p>Start another one.</p>');
      if (consent.returnUrl !== undefined)
        return new Response(null, { status: 303, headers: { location: consent.returnUrl } });
      const title = decision === 'approve' ? 'Approved' : 'Denied';
      return page(200, title, '<p id="done">You can close this window.</p>');
    }),
  ];
}

function find(state: State, request: Request): Consent | undefined {
  return state.consents.get(new URL(request.url).pathname.split('/').at(-1) ?? '');
}

function question(
  state: State,
  { connectorId, userId, page: kind, formToken }: Consent,
): [title: string, body: string] {
  const name = escapeHtml(state.connectors.get(connectorId)?.facts.name ?? connectorId);
  const who = userId === undefined ? '' : ` for <b>${escapeHtml(userId)}</b>`;
  const title = kind === 'install' ? `Install ${name}` : `Authorize ${name}`;
  const body = `<p>${title}${who}?</p>
<form method="post">
<input type="hidden" name="token" value="${formToken}">
<button id="approve" name="decision" value="approve">Approve</button>
<button id="deny" name="decision" value="deny">Deny</button>
</form>`;
  return [title, body];
}

function page(status: number, title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:16px system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
<h1>${title}</h1>
${body}
<p><small>An emulator, not Vercel.</small></p>
</html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    // Nothing but what stands here, and in no frame of another page, where a click could be led to it.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https: http:; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  return new Response(html, { status, headers });
}
