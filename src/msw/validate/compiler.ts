import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { Contract, JsonSchema } from '../../openapi/contract-types.js';
import { componentsOf } from './components.js';
import { FORMATS } from './formats.js';

/**
 * How `oneOf` is read: `any`, at least one branch holds, or `one`, exactly one does.
 *
 * JSON Schema says the latter. Documents that are made from types say `oneOf` for a union, whose branches overlap.
 */
export type OneOfReading = 'any' | 'one';

/** How much a validator says: whether a value is valid, the places and keywords of what is wrong, or that in words too. */
export type Detail = 'verdict' | 'places' | 'words';

/** Gives the validator's class; where it is seldom needed, it is loaded by this. */
export type LoadAjv = () => typeof Ajv2020;

/** How many schemas one validator compiles before the next takes its place. */
const COMPILED_BY_ONE = 100;

/**
 * Compiles the schemas of a document, each with the components that it refers to.
 *
 * A validator of ajv keeps something of all that it ever compiled, and making one costs as much as compiling a small schema;
 * so each is used for a while and then let go.
 */
export class Compiler {
  readonly #validators = new Map<string, { readonly ajv: Ajv2020; compiled: number }>();

  constructor(
    readonly contract: Contract,
    readonly loadAjv: LoadAjv,
  ) {}

  compile(schema: JsonSchema, reading: OneOfReading, detail: Detail): ValidateFunction {
    const ajv = this.#validatorFor(reading, detail);
    const $id = 'contract.json';
    const schemas = componentsOf(this.contract, schema);
    ajv.addSchema({ $id, components: { schemas }, schema }, $id, undefined, false);
    const validate = ajv.getSchema(`${$id}#/schema`);
    ajv.removeSchema(/./);
    // It was put there above.
    if (validate === undefined) throw new Error('the schema is gone');
    return validate;
  }

  #validatorFor(reading: OneOfReading, detail: Detail): Ajv2020 {
    const key = `${reading} ${detail}`;
    const known = this.#validators.get(key);
    const current =
      known !== undefined && known.compiled < COMPILED_BY_ONE
        ? known
        : { ajv: createAjv(this.loadAjv(), reading, detail), compiled: 0 };
    current.compiled += 1;
    this.#validators.set(key, current);
    return current.ajv;
  }
}

function createAjv(Ajv: typeof Ajv2020, reading: OneOfReading, detail: Detail): Ajv2020 {
  const ajv = new Ajv({
    strict: false,
    allErrors: detail !== 'verdict',
    // Errors then carry the value, whose type the messages name; the code for that is as long as the rest.
    verbose: detail === 'words',
    messages: detail === 'words',
    logger: false,
    // The document was repaired, and each schema runs a few times: checking and optimising it would cost more than it saves.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
    formats: { ...FORMATS },
  });
  if (reading === 'one') return ajv;
  const anyOf = ajv.getKeyword('anyOf');
  // ajv has its own definition of every keyword of the dialect.
  if (typeof anyOf === 'boolean') throw new Error('the validator does not know anyOf');
  return ajv.removeKeyword('oneOf').addKeyword({ ...anyOf, keyword: 'oneOf' });
}
