import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { TOOL_NAMES } from '@suanxiang/hal/vendors/tools';
import { describe, expect, test } from 'vitest';
import { FIXTURES } from './fixtures/all';
import { checkReading, unmappedFields } from './support/check-reading';

const named = FIXTURES.map(([tool, text], at) => ({ tool, text, at }));

describe('made outputs', () => {
  test('there is one of every tool', () => {
    expect([...new Set(FIXTURES.map(([tool]) => tool))].sort()).toEqual([...TOOL_NAMES].sort());
  });

  test.each(named)('$tool ($at): true numbers, and every field stands in the mapping table', ({ tool, text }) => {
    const reading = parseToolOutput(tool, text);
    checkReading(reading);
    expect(unmappedFields(reading)).toEqual([]);
    expect(reading.devices.length + reading.faults.length).toBeGreaterThan(0);
  });

  test.each(named)('$tool ($at): Windows line ends, colours and a mark change no value', ({ tool, text }) => {
    const plain = parseToolOutput(tool, text);
    const dressed = parseToolOutput(tool, `\ufeff${`${text}\n`.replaceAll('\n', '\u001b[0m\r\n')}`);
    expect(dressed.devices).toEqual(plain.devices);
    expect(dressed.topology).toEqual(plain.topology);
    expect(dressed.warnings).toEqual(
      expect.arrayContaining([
        'A byte order mark was removed.',
        'Colour codes were removed.',
        'Windows line ends were read as line ends.',
      ]),
    );
  });

  test.each(named)('$tool ($at): a prompt above and messages below change no value', ({ tool, text }) => {
    const plain = parseToolOutput(tool, text);
    const pasted = parseToolOutput(tool, `[root@node-7 ~]# ${tool} --some-option\n${text}\n[root@node-7 ~]# \n`);
    expect(pasted.devices).toEqual(plain.devices);
    expect(pasted.topology).toEqual(plain.topology);
  });
});
