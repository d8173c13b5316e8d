import { index, route } from '@react-router/dev/routes';

export default [
  index('routes/home.tsx'),
  route('api/all', 'routes/all.ts'),
  route('api/trigger', 'routes/trigger.ts'),
  route('fail', 'routes/fail.tsx'),
  route('browser', 'routes/browser.tsx'),
];
