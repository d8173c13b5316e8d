import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LoadAjv } from './compiler.js';

/** The validator, loaded with the module. */
export const loadAjv: LoadAjv = () => Ajv2020;
