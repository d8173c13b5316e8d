import { http, type RequestHandler } from 'msw';
import { escapeHtml } from '../../util/markup.js';
import type { MockOrigin } from '../handlers/match-path.js';
import { type Consent, decide } from './consent-operations.js';
import { emulatorPage } from './emulator-page.js';
import type { State } from './emulator-state.js';

const PAGES = 'https://connect\\.vercel\\.com';

/** The pages on which a person decides, at Vercel's own address and at that of the emulator. */
export function consentPages(place: MockOrigin, state: State): RequestHandler[] {
  const pattern = new RegExp(`^(?:${place.source}|${PAGES})/(?:authorize|install|register)/[\\w-]+$`);
  return [
    http.get(pattern, ({ request }) => {
      const consent = find(state, request);
      return consent === undefined
        ? emulatorPage(404, 'There is no such request', '')
        : emulatorPage(200, ...question(consent));
    }),
    http.post(pattern, async ({ request }) => {
      const consent = find(state, request);
      const form = new URLSearchParams(await request.text());
      const decision = form.get('decision');
      const isDecision = decision === 'approve' || decision === 'deny';
      if (consent === undefined || !isDecision) return emulatorPage(400, 'This is no decision', '');
      // Another site can send this form too, with the cookies and from the machine of whoever looks at it.
      if (form.get('token') !== consent.formToken)
        return emulatorPage(403, 'This form is not from this page', '<p>Open the page and decide there.</p>');
      if (!decide(state, consent, decision === 'approve'))
        return emulatorPage(410, 'This request is over', '<p>Start another one.</p>');
      if (consent.returnUrl !== undefined)
        return new Response(null, { status: 303, headers: { location: consent.returnUrl } });
      const title = decision === 'approve' ? 'Approved' : consent.page === 'register' ? 'Canceled' : 'Denied';
      return emulatorPage(200, title, '<p id="done">You can close this window.</p>');
    }),
  ];
}

function find(state: State, request: Request): Consent | undefined {
  return state.consents.get(new URL(request.url).pathname.split('/').at(-1) ?? '');
}

const TITLES = { authorize: 'Authorize', install: 'Install', register: 'Register' } as const;

function question({ name, userId, scopes, page: kind, formToken }: Consent): [title: string, body: string] {
  const who = userId === undefined ? '' : ` for <b>${escapeHtml(userId)}</b>`;
  const title = `${TITLES[kind]} ${escapeHtml(name)}`;
  const asked =
    scopes.length === 0
      ? ''
      : `<p>Scopes:</p>\n<ul>${scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>\n`;
  const body = `<p>${title}${who}?</p>
${asked}<form method="post">
<input type="hidden" name="token" value="${formToken}">
<button id="approve" name="decision" value="approve">Approve</button>
<button id="deny" name="decision" value="deny">${kind === 'register' ? 'Cancel' : 'Deny'}</button>
</form>`;
  return [title, body];
}
