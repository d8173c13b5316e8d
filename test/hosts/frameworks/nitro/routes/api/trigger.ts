import { defineHandler } from 'nitro/h3';
import { receive } from '../../clients';

export default defineHandler((event) => receive(event.req));
