/**
 * Makes the answer that shows a page of the emulator.
 *
 * @param title - Text that is HTML already, as is `body`.
 */
export function emulatorPage(status: number, title: string, body: string): Response {
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
    // Nothing but what stands here, and in no frame of another page, where a click could be led to it.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https: http:; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  return new Response(html, { status, headers });
}
