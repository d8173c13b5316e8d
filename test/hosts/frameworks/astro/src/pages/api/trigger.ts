import { receive } from '../../../clients';

export const POST = ({ request }: { request: Request }) => receive(request);
