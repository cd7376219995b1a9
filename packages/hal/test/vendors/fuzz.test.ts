import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { UnreadableInput } from '@suanxiang/hal/vendors/shared/reading';
import { TOOL_NAMES } from '@suanxiang/hal/vendors/tools';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIXTURES } from './fixtures/all';
import { checkReading } from './support/check-reading';

/** A reading that holds, or the named error with one sentence that names the tool: nothing else may come out. */
function checkAny(tool: string, text: string): void {
  try {
    checkReading(parseToolOutput(tool, text));
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    expect(error.message.startsWith(`${tool}: `)).toBe(true);
    expect(error.message).toMatch(/^[^\n]{5,600}$/);
  }
}

const fixture = fc.constantFrom(...FIXTURES);
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('an output that is cut off anywhere', () => {
  fc.assert(
    fc.property(fixture, share, share, ([tool, text], from, to) => {
      const [start, end] = [Math.min(from, to), Math.max(from, to)].map((part) => Math.floor(part * text.length));
      checkAny(tool, text.slice(0, end));
      checkAny(tool, text.slice(start, end));
    }),
    { numRuns: 600 },
  );
});

test('an output that lost lines, or has some of them twice', () => {
  fc.assert(
    fc.property(
      fixture,
      fc.array(share, { maxLength: 12 }),
      fc.array(share, { maxLength: 4 }),
      ([tool, text], drop, twice) => {
        const lines = text.split('\n');
        for (const part of drop) lines.splice(Math.floor(part * lines.length), 1);
        for (const part of twice) {
          const at = Math.floor(part * lines.length);
          lines.splice(at, 0, ...lines.slice(at, at + 2));
        }
        checkAny(tool, lines.join('\n'));
      },
    ),
    { numRuns: 600 },
  );
});

const ODD = [
  '-',
  '9'.repeat(30),
  '1e999',
  'NaN',
  '+Inf',
  'N/A',
  'ERR!',
  '\u0000',
  '"',
  '<',
  '{',
  '}',
  ',',
  '|',
  '\n',
  '٣',
  '%',
];

test('an output with characters changed for others', () => {
  const change = fc.tuple(share, fc.oneof(fc.string({ maxLength: 3, unit: 'binary' }), fc.constantFrom(...ODD)));
  fc.assert(
    fc.property(fixture, fc.array(change, { minLength: 1, maxLength: 10 }), ([tool, text], changes) => {
      let changed = text;
      for (const [part, by] of changes) {
        const at = Math.floor(part * changed.length);
        changed = changed.slice(0, at) + by + changed.slice(at + 1);
      }
      checkAny(tool, changed);
    }),
    { numRuns: 800 },
  );
});

test('every number of an output changed for another', () => {
  const number = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom('-1', '', '18446744073709551615', '0x7fffffff', '1,5'),
  );
  fc.assert(
    fc.property(fixture, fc.array(number, { minLength: 1, maxLength: 20 }), ([tool, text], numbers) => {
      let at = 0;
      checkAny(
        tool,
        text.replace(/\d+(?:\.\d+)?/g, () => String(numbers[at++ % numbers.length])),
      );
    }),
    { numRuns: 600 },
  );
});

test('the output of one tool read as that of any other', () => {
  fc.assert(
    fc.property(fixture, fc.constantFrom(...TOOL_NAMES), ([, text], tool) => checkAny(tool, text)),
    { numRuns: 1000 },
  );
});

test('anything at all', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TOOL_NAMES), fc.string({ maxLength: 300, unit: 'binary' }), (tool, text) =>
      checkAny(tool, text),
    ),
    { numRuns: 500 },
  );
});
