import { linkOf } from './connector-state.js';
import { connectorOf, type EmulatedOperations } from './emulated-call.js';
import { requireLink } from './identify.js';
import { grantOf } from './tokens.js';

export const importOperations = {
  /** POST /v1/connect/token/{connector}/import. Each item succeeds or fails on its own. */
  importConnectorTokens(call) {
    const connector = connectorOf(call);
    const { state, caller, body } = call;
    requireLink(connector, caller);
    const { projectId } = caller;
    const tokens = body.tokens.map((item) => {
      const { accessToken, refreshToken, subject, ...facts } = item;
      const { environment, expiresAt, name, externalSubject } = item;
      const isLinked =
        projectId === undefined || linkOf(connector, projectId)?.environments.includes(environment) === true;
      const succeeded =
        isLinked &&
        accessToken !== '' &&
        expiresAt > state.now() &&
        connector.facts.supportedSubjectTypes.includes(subject.type);
      if (succeeded) {
        const installationId = item.installationId ?? item.installation?.id;
        const installation = installationId === undefined ? {} : { installationId };
        const grant = grantOf(connector, caller.holder, { ...item, ...installation });
        state.tokens.import({ grant, token: accessToken, expiresAt, environment, name, externalSubject });
        // Only with a refresh token does the user's grant outlive the imported token.
        if (refreshToken !== undefined && subject.type === 'user' && subject.id !== undefined)
          connector.users.add(subject.id);
      }
      // A result never repeats a secret: neither the tokens nor that of a token subject.
      const { token: _, ...publicSubject } = subject;
      const expiresIn = Math.max(0, Math.floor((expiresAt - state.now()) / 1000));
      return { ...facts, subject: publicSubject, succeeded, ...(succeeded ? { expiresIn } : {}) };
    });
    const imported = tokens.filter(({ succeeded }) => succeeded).length;
    return { body: { accepted: tokens.length, imported, tokens } };
  },
} satisfies EmulatedOperations;
