import { readGone } from '../../clients';

export default defineEventHandler(readGone);
