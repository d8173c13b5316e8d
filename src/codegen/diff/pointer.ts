import { fromPointer } from '../../openapi/json-pointer.js';

/**
 * What a person calls a place: "`projects[].name` of the 200 response".
 *
 * @param parameter - How the parameter is called, for a place inside of one.
 */
export function nameOfPlace(pointer: string, parameter?: string): string {
  const [section, key, ...rest] = fromPointer(pointer);
  if (section === 'parameters') return within(rest, parameter ?? 'a parameter');
  if (section === 'requestBody')
    return within([...(key === undefined ? [] : [key]), ...rest], 'the request body');
  if (section === 'responses') return within(rest, `the ${key} response`);
  if (section === 'callbacks') return within(rest.slice(2), `the callback \`${key}\``);
  return section === undefined || NOTICES.has(section) ? 'the operation' : section;
}

/** What is said of an operation as a whole. */
const NOTICES = new Set(['deprecated', 'x-sunset']);

function within(segments: readonly string[], whole: string): string {
  const steps = [...segments];
  let name = '';
  while (steps.length > 0) {
    const step = steps.shift();
    if (step === 'content' || step === 'oneOf' || step === 'anyOf' || step === 'allOf') steps.shift();
    else if (step === 'responses' || step === 'encoding') steps.shift();
    else if (step === 'prefixItems' || step === 'patternProperties') name += `[${steps.shift() ?? ''}]`;
    else if (step === 'properties') name += `${name === '' ? '' : '.'}${steps.shift() ?? ''}`;
    else if (step === 'headers') name += `header ${steps.shift() ?? ''}`;
    else if (step === 'items') name += '[]';
    else if (step === 'additionalProperties') name += '[key]';
    else if (step !== 'schema' && step !== 'requestBody') break;
  }
  return name === '' ? whole : `\`${name.replaceAll('`', "'")}\` of ${whole}`;
}
