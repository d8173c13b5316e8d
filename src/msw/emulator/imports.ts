import type { components } from '../../generated/index.js';
import { type Connector, linkOf } from './connector-state.js';
import { connectorOf, type EmulatedOperation } from './emulated-call.js';
import type { State } from './emulator-state.js';
import { type Caller, requireLink } from './identify.js';
import { grantOf } from './tokens.js';

type Item = components['schemas']['ConnectTokenImportItem'];
type ItemResult = components['schemas']['ConnectTokenImportItemResult'];

/** POST /v1/connect/token/{connector}/import: each item succeeds or fails by itself. */
export const importConnectorTokens: EmulatedOperation<'importConnectorTokens'> = (call) => {
  const connector = connectorOf(call);
  const { state, caller, body } = call;
  requireLink(connector, caller);
  const results = body.tokens.map((item) => importItem(state, caller, connector, item));
  return {
    body: {
      accepted: results.length,
      imported: results.filter(({ succeeded }) => succeeded).length,
      tokens: results,
    },
  };
};

function importItem(state: State, caller: Caller, connector: Connector, item: Item): ItemResult {
  const succeeded = isImportable(state, caller, connector, item);
  if (succeeded) keep(state, caller, connector, item);
  const { accessToken: _token, refreshToken: _refresh, subject, ...told } = item;
  // A result never repeats a secret: neither the tokens nor that of a token subject.
  const { token: _exchanged, ...who } = subject;
  const expiresIn = Math.max(0, Math.floor((item.expiresAt - state.now()) / 1000));
  return { ...told, subject: who, succeeded, ...(succeeded ? { expiresIn } : {}) };
}

function isImportable(state: State, { projectId }: Caller, connector: Connector, item: Item): boolean {
  const linked =
    projectId === undefined || linkOf(connector, projectId)?.environments.includes(item.environment) === true;
  return (
    linked &&
    item.accessToken !== '' &&
    item.expiresAt > state.now() &&
    connector.facts.supportedSubjectTypes.includes(item.subject.type)
  );
}

function keep(state: State, { holder }: Caller, connector: Connector, item: Item): void {
  const installationId = item.installationId ?? item.installation?.id;
  const grant = grantOf(connector, holder, {
    ...item,
    ...(installationId === undefined ? {} : { installationId }),
  });
  state.tokens.import({
    grant,
    token: item.accessToken,
    expiresAt: item.expiresAt,
    environment: item.environment,
    name: item.name,
    externalSubject: item.externalSubject,
  });
  // Only with a refresh token does the user's grant outlive the token that was brought along.
  if (item.refreshToken !== undefined && item.subject.type === 'user' && item.subject.id !== undefined) {
    connector.users.add(item.subject.id);
  }
}
