export { stableName } from '../document/artifact-name.js';
