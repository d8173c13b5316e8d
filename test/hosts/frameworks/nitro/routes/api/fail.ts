import { defineHandler } from 'nitro/h3';
import { readGone } from '../../clients';

export default defineHandler(readGone);
