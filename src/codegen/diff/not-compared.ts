/** The parts of a document that a comparison leaves out, for `--help` and the docs. */
export const NOT_COMPARED = [
  '`info`, tags and their descriptions',
  'links of responses',
  '`xml`',
  'variables of servers',
  'URLs and scopes of OAuth flows',
  '`$dynamicRef` and `$anchor`',
  'the schema of a header of a part of a form',
  'parameters of webhooks and callbacks, headers of the responses to them, and callbacks of theirs',
  'extensions but for `x-sunset`',
] as const;
