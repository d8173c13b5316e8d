import { http, type RequestHandler } from 'msw';
import { escapeHtml } from '../../util/markup.js';
import type { MockOrigin } from '../handlers/match-path.js';
import type { Connector } from './connector-state.js';
import { environmentOf } from './destinations.js';
import { emulatorPage } from './emulator-page.js';
import type { State } from './emulator-state.js';

/** The page at `/`, which shows what the emulator holds. It shows no token. */
export function overviewPage(place: MockOrigin, state: State): RequestHandler {
  return http.get(new RegExp(`^${place.source}/?$`), () =>
    emulatorPage(200, 'Vercel Connect emulator', `${connectorsOf(state)}\n${consentsOf(state)}`),
  );
}

function connectorsOf({ connectors, tokens }: State): string {
  if (connectors.size === 0)
    return '<p id="empty">No connectors. Make one: <code>vercel-rest connect create slack --name Bot</code></p>';
  const rows = [...connectors.values()].map((connector) => {
    const { uid, id, type } = connector.facts;
    const held = tokens.count(id);
    return [
      uid,
      id,
      type,
      linksOf(connector),
      listOf(connector.users),
      listOf(connector.installations),
    ].concat(destinationsOf(connector), String(held));
  });
  const heading = ['UID', 'Id', 'Type', 'Projects', 'Users', 'Installations', 'Events go to', 'Tokens'];
  return table('connectors', heading, rows);
}

function linksOf({ links, everyProject }: Connector): string {
  const own = [...links].flatMap(([project, link]) =>
    link === undefined ? [] : [`${project} (${link.environments.join(', ')})`],
  );
  return listOf(everyProject === undefined ? own : ['every project', ...own]);
}

function destinationsOf({ facts }: Connector): string {
  return listOf(
    (facts.triggerDestinations ?? []).map(
      (destination) => `${destination.projectId} ${environmentOf(destination)} ${destination.path ?? '/'}`,
    ),
  );
}

/** Requests that wait for a person, each with its page. */
function consentsOf({ consents, publicUrl }: State): string {
  const open = [...consents.values()].filter(({ outcome }) => outcome === 'pending');
  if (open.length === 0) return '<p>Nobody is asked for anything.</p>';
  const items = open.map(
    ({ page, request, name }) =>
      `<li><a href="${publicUrl ?? ''}/${page}/${request}">${page} ${escapeHtml(name)}</a></li>`,
  );
  return `<h2>Waiting for a decision</h2>\n<ul id="consents">${items.join('')}</ul>`;
}

function listOf(names: Iterable<string>): string {
  return [...names].join('; ') || '-';
}

function table(id: string, heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table id="${id}">${cells('th', heading)}${rows.map((row) => cells('td', row)).join('')}</table>`;
}
