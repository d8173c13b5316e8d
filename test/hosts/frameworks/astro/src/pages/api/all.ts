import { readAll } from '../../../clients';

export const GET = async () => Response.json({ route: 'route-1', ...(await readAll()) });
