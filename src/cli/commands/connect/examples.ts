/** What the help of each command shows at its end: one line that does something real. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  list: 'list --type slack,github --sort updatedAt',
  get: 'get slack/acme-slack --json',
  service: 'service slack --json',
  projects: 'projects slack/acme-slack',
  connectors: 'connectors prj_shop',
  create: 'create oauth --name CRM --project prj_shop --data @crm.json',
  update: 'update oauth/crm --name "CRM (new)" --accent-color "#112233"',
  attach: 'attach oauth/crm -p prj_shop -e production,preview --triggers --trigger-path /api/crm',
  detach: 'detach oauth/crm -p prj_shop --environment preview',
  triggers: 'triggers oauth/crm --to prj_shop,path=/api/crm --to prj_shop,path=/api/crm,branch=next',
  authorize: 'authorize oauth/crm --subject user:user_123',
  'import-tokens': 'import-tokens oauth/crm tokens.json --failed-to failed.json',
  remove: 'remove oauth/crm --disconnect-all',
  eject: 'eject slack/bot',
  'revoke-tokens': 'revoke-tokens oauth/crm --subject user:user_123',
  open: 'open oauth/crm --team acme',
};
