import { program } from './program';

// The page is served by the API itself, so that its origin is the base URL.
program(location.origin).then(
  () => document.body.setAttribute('id', 'done'),
  (error: unknown) => {
    document.title = String(error instanceof Error ? (error.stack ?? error.message) : error);
    document.body.setAttribute('id', 'failed');
  },
);
