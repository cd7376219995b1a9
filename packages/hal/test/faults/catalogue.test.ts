import { FAULT_CATALOGUE, faultReading, findFault, gravest } from '@suanxiang/hal/faults/catalogue';
import { SEVERITIES, SEVERITY_FACTS } from '@suanxiang/hal/faults/severity';
import { expect, test } from 'vitest';

test('every code stands once, in both languages, with its source', () => {
  const keys = FAULT_CATALOGUE.map(({ vendor, code }) => `${vendor ?? ''}/${code}`);
  expect(keys.length).toBe(new Set(keys).size);
  for (const { code, meaning, severity, source } of FAULT_CATALOGUE) {
    expect(meaning.en, code).toMatch(/^[A-Z0-9][^.]{3,200}$/);
    expect(meaning.zh, code).toMatch(/[\u4e00-\u9fff]/);
    expect(source.length, code).toBeGreaterThan(3);
    expect(SEVERITIES).toContain(severity);
  }
});

test.each([
  ['13', 'info'],
  ['31', 'info'],
  ['43', 'info'],
  ['45', 'info'],
  ['48', 'drain'],
  ['63', 'degraded'],
  ['64', 'drain'],
  ['74', 'drain'],
  ['79', 'failed'],
  ['92', 'degraded'],
  ['94', 'drain'],
  ['95', 'failed'],
  ['119', 'failed'],
  ['120', 'failed'],
])('XID %s is %s', (code, severity) => {
  expect(findFault('nvidia', code)).toMatchObject({ severity, vendor: 'nvidia' });
});

test.each(['140', '143', '154'])('XID %s has an entry', (code) => {
  expect(findFault('nvidia', code)!.meaning.en).not.toBe('');
});

test('the tenant pays for what is delivered: info and degraded seconds', () => {
  expect(SEVERITIES.filter((severity) => SEVERITY_FACTS[severity].tenantPays)).toEqual(['info', 'degraded']);
  expect(SEVERITIES.filter((severity) => SEVERITY_FACTS[severity].drains)).toEqual(['drain', 'failed']);
});

test('a code without an entry is kept and treated with caution', () => {
  expect(faultReading('nvidia', '99999')).toMatchObject({ code: '99999', severity: 'degraded' });
  expect(faultReading('ascend', 'FFFFFFFF')).toMatchObject({ code: 'FFFFFFFF', severity: 'drain' });
});

test('conditions of any device are found under every vendor, codes of a vendor only there', () => {
  expect(findFault('mthreads', 'lost')).toBe(findFault('nvidia', 'lost'));
  expect(findFault('amd', '79')).toBeUndefined();
});

test('the gravest of severities', () => {
  expect(gravest(['info', 'drain', 'degraded'])).toBe('drain');
  expect(gravest([])).toBeNull();
});
