import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEEPEST, findFault } from '../src/json-text';

describe('faults of a JSON text', () => {
  it.each(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"x":[{"a":1,"b":{},"a" : 2}]}', '{"":1,"":2}', '{"a":"}","a":1}'])(
    '%s has a field twice',
    (text) => {
      expect(findFault(text)).toMatchObject({ code: 'duplicate_key' });
    },
  );

  it.each([
    '{"a":1,"b":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a","b":"a"}',
    '["a","a"]',
    '{"a":"\\"a\\":1"}',
    '{"a":"\\\\","b":"a"}',
    '',
    '"',
    '{"a',
    '}}]]',
  ])('%s has none', (text) => {
    expect(findFault(text)).toBeNull();
  });

  it('finds nothing in what JSON.stringify writes, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        expect(findFault(JSON.stringify(value, null, space))).toBeNull();
      }),
    );
  });

  it('finds a field that was written twice, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (name, one, two) => {
        const key = JSON.stringify(name);
        const text = `[{"other":[],${key}:${JSON.stringify(one)} , ${key} :${JSON.stringify(two)}}]`;
        expect(findFault(text)).toMatchObject({ code: 'duplicate_key' });
      }),
    );
  });

  it('stops at the deepest level, without recursion', () => {
    expect(findFault('['.repeat(DEEPEST) + ']'.repeat(DEEPEST))).toBeNull();
    expect(findFault('['.repeat(1_000_000))).toMatchObject({ code: 'too_deep' });
    expect(findFault(`${'{"a":'.repeat(100_000)}1`)).toMatchObject({ code: 'too_deep' });
  });
});
