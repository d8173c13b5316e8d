const texts = new WeakMap<Response, string>();

/** Makes a response of a text, which {@link writtenText} gives without reading the response as a stream. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

/** The whole body of a response that was made here; `undefined` for any other, and for one that was read. */
export function writtenText(response: Response): string | undefined {
  return response.bodyUsed ? undefined : texts.get(response);
}
