export { operationIdOf } from '../document/operation-id.js';
