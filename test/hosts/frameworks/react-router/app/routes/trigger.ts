import { receive } from '../../clients';

export const action = ({ request }: { request: Request }) => receive(request);
