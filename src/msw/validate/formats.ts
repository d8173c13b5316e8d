/** Checks of texts, by the name of a format. */
export type Formats = Readonly<Record<string, (text: string) => boolean>>;

/**
 * The formats of OpenAPI and JSON Schema that are checked; a format that is not named here says nothing.
 *
 * They refuse what no reader would take for the format and leave the rest to the API: a mock that raises false alarms is
 * switched off.
 */
export const FORMATS: Formats = {
  uri: (text) => URL.canParse(text),
  'date-time': (text) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/i.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  // RFC 3339, full-time; the offset is left out by many.
  time: (text) =>
    /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?$/i.test(text),
  // ISO 8601, as in RFC 3339 appendix A.
  duration: (text) =>
    /^P(?=.)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/.test(
      text,
    ),
  // RFC 4648 sections 4 and 5.
  byte: (text) => /^[\w+/\s-]*={0,2}\s*$/.test(text),
  uuid: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  ipv4: (text) => /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/.test(text),
  ipv6: (text) => /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`),
};

/** The same to the letter (RFC 3339 section 5.6): what the mock itself sends, also where an example of the document is looser. */
export const EXACT_FORMATS: Formats = {
  ...FORMATS,
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(text) &&
    !Number.isNaN(Date.parse(text)),
  time: (text) => /^\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(text),
};
