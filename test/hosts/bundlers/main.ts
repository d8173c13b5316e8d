import { program } from './program';

program(process.env.API_URL ?? '').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
