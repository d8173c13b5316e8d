import { readConnectors } from '../../clients';

export default defineEventHandler(readConnectors);
