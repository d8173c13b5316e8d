export { list, type WalkedOperation, walkOperations } from '../document/walk-operations.js';
