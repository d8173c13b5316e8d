/*
 * The one place that puts text from a document or an API into HTML and Markdown. Nothing of it becomes markup there: no
 * element, image, link or mention.
 */
import { terminalText } from './terminal-text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes text safe as the content of an element and inside a quoted attribute. Controls show as escapes. */
export function escapeHtml(text: string): string {
  return terminalText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Words that are not markup in any place inside of a line; no dot, since `www.a.example` is a link. */
const PLAIN_WORDS = /^[\p{L}\p{N} ,;'()→]*$/u;
/** GitHub makes links of what looks like a commit. */
const COMMIT = /\b[\da-f]{7,40}\b/i;

/**
 * Puts text inside a line of Markdown: as it is where that is a few plain words, else as a code span.
 *
 * GitHub looks for `@name`, `#1` and URLs in the finished page, where neither a backslash nor a character reference hides
 * them. It leaves out code.
 */
export function markdownText(text: string): string {
  return PLAIN_WORDS.test(text) && !COMMIT.test(text) ? text : markdownCode(text);
}

/** Makes text a code span of Markdown, which it cannot end: the fence is longer than any run of back-ticks inside. */
export function markdownCode(text: string): string {
  const shown = terminalText(text);
  // A code span cannot be empty.
  if (shown === '') return "`''`";
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^[ `]|[ `]$/.test(shown) ? ' ' : '';
  return fence + space + shown + space + fence;
}
