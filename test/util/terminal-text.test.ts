import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalJson, terminalLines, terminalOutput, terminalText } from '../../src/util/terminal-text.js';
import { findSteering, HOSTILE_NAME } from '../helpers/hostile-text.js';

describe('terminalText', () => {
  it.each([
    ['a clipboard', '\u001b]52;c;eA==\u0007', '\\u001b]52;c;eA==\\u0007'],
    ['a title', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
    ['a cleared screen', '\u001b[2J', '\\u001b[2J'],
    ['line ends', 'a\r\nb\u2028c\u0085d', 'a\\u000d\\u000ab\\u2028c\\u0085d'],
    ['C1', '\u009b31m', '\\u009b31m'],
    ['bidi controls', '\u202ea\u2066b\u200fc\u061c', '\\u202ea\\u2066b\\u200fc\\u061c'],
    ['hidden tags', '\u{e0041}', '\\udb40\\udc41'],
    ['half a pair', '\ud800', '\\ud800'],
    ['a colour of ours', '\u001b[31m', '\\u001b[31m'],
  ])('shows %s as escapes', (_, text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  it.each(['Zoë 李 🎉', '👩‍💻', 'می\u200cخواهم', 'שלום', 'a\\u001b'])('leaves %s as it is', (text) => {
    expect(terminalText(text)).toBe(text);
  });
});

describe('the other forms', () => {
  it('terminalLines keeps line feeds alone', () => {
    expect(terminalLines('a\nb\r\u001b')).toBe('a\nb\\u000d\\u001b');
  });

  it('terminalOutput keeps the colours of the program, and the clearing of a line at the start of a write', () => {
    const own = '\r\u001b[2Kpulling \u001b[1mA\u001b[0m\u001b[31mB\u001b[39m\t\u001b[1;31mC\u001b[0m\n';
    expect(terminalOutput(own)).toBe(own);
    expect(terminalOutput('a\r\u001b[2Kb\u001b[8mc')).toBe('a\\u000d\\u001b[2Kb\\u001b[8mc');
  });

  it('terminalJson parses to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const all = { value, text, [text]: HOSTILE_NAME };
        for (const indent of [undefined, 2]) {
          const json = terminalJson(all, indent);
          expect(findSteering(json)).toBeUndefined();
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(all)));
        }
      }),
    );
    expect(terminalJson(undefined)).toBe('null');
  });
});
