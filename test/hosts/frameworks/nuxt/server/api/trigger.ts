import { receive } from '../../clients';

export default defineEventHandler((event) => receive(toWebRequest(event)));
