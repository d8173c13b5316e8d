import { readGone } from '../../../clients';

export const GET = async () => Response.json(await readGone());
