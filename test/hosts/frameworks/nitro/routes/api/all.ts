import { defineHandler } from 'nitro/h3';
import { readAll } from '../../clients';

export default defineHandler(async () => ({ route: 'route-1', ...(await readAll()) }));
