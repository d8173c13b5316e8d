import { readAll } from '../../clients';

export const loader = async () => Response.json({ route: 'route-1', ...(await readAll()) });
