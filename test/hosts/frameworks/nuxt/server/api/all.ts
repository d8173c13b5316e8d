import { readAll } from '../../clients';

export default defineEventHandler(async () => ({ route: 'route-1', ...(await readAll()) }));
