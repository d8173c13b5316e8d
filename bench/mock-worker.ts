import { readFile } from 'node:fs/promises';

// One contestant in a process of its own, so that none warms up another or shares its memory.
const [contestant = '', file = ''] = process.argv.slice(2);
