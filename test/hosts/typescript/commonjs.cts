import rest = require('vercel-rest');

import { createConnectClient } from 'vercel-rest/connect';

export const client = rest.createClient({ bearerToken: 'token' });
export const connect = createConnectClient({ bearerToken: 'token' });
