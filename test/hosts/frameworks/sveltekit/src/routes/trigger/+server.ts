import { receive } from '../../../clients';

export const POST = async ({ request }: { request: Request }) => receive(request);
