export { buildContract } from '../document/contract-table.js';
