import { SCRIPT } from './html-script.js';
import { STYLE } from './html-style.js';

/** The parts of the page that a comparison fills in; all of it is HTML already. */
export interface PageParts {
  /** The documents that were compared; empty where they are not known. */
  readonly documents: string;
  readonly suggestion: string;
  /** What the changes mean to a program; empty where none was named. */
  readonly impact: string;
  readonly classes: string;
  readonly operations: string;
  readonly changes: string;
}

/** Puts the page together: its style and its script are inside, and it may load nothing. */
export function page({ documents, suggestion, impact, classes, operations, changes }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>API changes</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the changes</a>
<header>
<h1>API changes</h1>
${documents}
<p>${suggestion}</p>
</header>
${impact}
<form role="search" aria-label="Changes">
<fieldset class="row"><legend class="out">Classes</legend>${classes}</fieldset>
<div class="row">
<input type="search" name="q" placeholder="Search all texts" aria-label="Search all texts" autocomplete="off">
<input type="search" name="op" placeholder="Operation id" aria-label="Operation id" list="operations" autocomplete="off">
<datalist id="operations">${operations}</datalist>
<button type="reset">Clear</button>
</div>
<div class="row foot"><output aria-live="polite"></output><span class="keys"><kbd>/</kbd> search, <kbd>j</kbd> and <kbd>k</kbd> next and previous change</span></div>
</form>
<main>
<div id="changes" tabindex="-1">
${changes}
</div>
<p class="none" hidden>No change fits these filters.</p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
