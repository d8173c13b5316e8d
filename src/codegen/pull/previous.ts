/** Where the document before the last pull is kept, for `vercel-rest diff`: `vercel.json` has `vercel.previous.json`. */
export function previousPathOf(documentPath: string): string {
  return `${documentPath.replace(/\.json$/, '')}.previous.json`;
}
