// Compares two OpenAPI documents and says what each change means to a caller. Imports no parser and no compiler: the CLI
// loads it as it is.
export { compareDocuments } from './compare.js';
export { formatHtml } from './format-html.js';
export { formatJson } from './format-json.js';
export { formatMarkdown, formatSummary } from './format-markdown.js';
export { formatText } from './format-text.js';
export type {
  BrokenLine,
  ImpactReport,
  ProgramPlace,
  UnfollowedUse,
  UnknownOperation,
  UsedOperation,
} from './impact-report.js';
export {
  type ComparedDocument,
  FAIL_ON,
  type FailOn,
  narrowChanges,
  type Report,
  type Summary,
  selectChanges,
  suggestVersion,
  summarize,
  type VersionSuggestion,
} from './report.js';
export { type Change, type ChangeClass, type ChangedOperation, CLASSES, type Json } from './types.js';
