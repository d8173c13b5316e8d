import { expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../src/index.js';
import { checkMsw } from '../../../src/msw/handlers/check-msw.js';
import { thrownBy } from '../../helpers/caught.js';

it('refuses msw 3 where Node cannot run it, and says what to install', () => {
  const host = { msw: '3.0.5', node: '20.20.2', hasWithResolvers: false };
  const { message } = thrownBy(() => checkMsw(host), InvalidArgumentError);
  expect(message).toBe(
    'Invalid msw: is version 3.0.5, which needs Node 22.12 or later, and this is Node 20.20.2: run `npm install --save-dev msw@2`',
  );
});

it.each([
  { msw: '2.15.0', node: '20.20.2', hasWithResolvers: false },
  { msw: '3.0.5', node: '22.12.0', hasWithResolvers: true },
  { msw: undefined, node: '20.20.2', hasWithResolvers: false },
])('takes $msw on Node $node', (host) => {
  expect(() => checkMsw(host)).not.toThrow();
});

it('takes what is installed here', () => {
  expect(() => checkMsw()).not.toThrow();
});
