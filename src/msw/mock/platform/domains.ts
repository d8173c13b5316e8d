import { isRecord } from '../../../util/is-record.js';
import type { UntypedRequest } from '../../handlers/handler-settings.js';
import { type Behaviours, type Fields, type Platform, pathValue, refuse } from './behaviour.js';

interface StoredDomain {
  readonly name: string;
  readonly projectId: string;
  readonly addedAt: number;
  verified: boolean;
}

/** Domains of projects, which are verified and configured after a while. */
export class MockDomains {
  readonly #domains: StoredDomain[] = [];

  constructor(readonly platform: Platform) {}

  clear(): void {
    this.#domains.length = 0;
  }

  readonly behaviours: Behaviours = {
    'POST /projects/{}/domains': (request) => {
      const name = String(isRecord(request.body) ? request.body.name : '');
      const { id } = this.platform.projectOf(pathValue(request, 'idOrName'));
      if (this.#find(id, name))
        return refuse(400, 'domain_already_in_use', 'The domain is in the project already.');
      const verified = (this.platform.options.domains?.verifyMs ?? 0) === 0;
      const domain = { name, projectId: id, addedAt: Date.now(), verified };
      this.#domains.push(domain);
      return this.#show(request, domain);
    },
    'GET /projects/{}/domains/{}': (request) => this.#with(request, (domain) => this.#show(request, domain)),
    'POST /projects/{}/domains/{}/verify': (request) =>
      this.#with(request, (domain) => {
        const { verifyMs = 0 } = this.platform.options.domains ?? {};
        domain.verified ||= Date.now() - domain.addedAt >= verifyMs;
        if (domain.verified) return this.#show(request, domain);
        return refuse(400, 'missing_txt_record', 'The TXT record is not there yet.');
      }),
    'GET /domains/{}/config': (request) => {
      const name = pathValue(request, 'domain');
      const { configureMs = 0 } = this.platform.options.domains ?? {};
      const added = this.#domains.find((domain) => domain.name === name)?.addedAt;
      const isConfigured = added !== undefined && Date.now() - added >= configureMs;
      const fields = { misconfigured: !isConfigured, configuredBy: isConfigured ? 'CNAME' : null };
      return this.platform.show(request, fields);
    },
  };

  #find(projectId: string, name: string): StoredDomain | undefined {
    return this.#domains.find((domain) => domain.projectId === projectId && domain.name === name);
  }

  #with<R>(request: UntypedRequest, use: (domain: StoredDomain) => R) {
    const { id } = this.platform.projectOf(pathValue(request, 'idOrName'));
    const found = this.#find(id, pathValue(request, 'domain'));
    return found === undefined ? refuse(404, 'not_found', 'The domain is not in the project.') : use(found);
  }

  #show(request: UntypedRequest, { name, projectId, verified, addedAt }: StoredDomain) {
    const apexName = name.split('.').slice(-2).join('.');
    const challenge = {
      type: 'TXT',
      domain: `_vercel.${apexName}`,
      value: `vc-domain-verify=${name}`,
      reason: 'pending_domain_verification',
    };
    const fields: Fields = { name, apexName, projectId, verified, createdAt: addedAt };
    return this.platform.show(request, { ...fields, verification: verified ? undefined : [challenge] });
  }
}
