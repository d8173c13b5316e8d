import { readConnectors } from '../../clients';

export const load = async () => ({ connectors: await readConnectors() });
