import { seededRandom } from './measure.js';

/**
 * Runs `use` on a clock that it sets itself: `Date.now` and `performance.now`, which both clients read at each use.
 * Chance is seeded as well, so that a day is the same in every run. All three are put back.
 */
export async function withClock<T>(use: (setTime: (ms: number) => void) => Promise<T>): Promise<T> {
  const before = { now: Date.now, random: Math.random };
  const startedAt = Date.UTC(2026, 0, 1);
  let ms = 0;
  Date.now = () => startedAt + ms;
  Math.random = seededRandom(4);
  // An own property, which stands before that of the prototype and can be taken away again.
  Object.defineProperty(performance, 'now', { configurable: true, value: () => ms });
  try {
    return await use((time) => {
      ms = time;
    });
  } finally {
    Date.now = before.now;
    Math.random = before.random;
    Reflect.deleteProperty(performance, 'now');
  }
}
