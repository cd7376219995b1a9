import { isSocialCreditCode, taxIdFault } from '@suanxiang/domain/tax-id';
import { expect, test } from 'vitest';

const REAL = '91350100M000100Y43';

test('a unified social credit code is right by its check digit', () => {
  // The example of the standard, GB 32100-2015.
  expect(isSocialCreditCode(REAL)).toBe(true);
  expect(isSocialCreditCode(REAL.toLowerCase())).toBe(false);
  expect(isSocialCreditCode(REAL.slice(1))).toBe(false);
  expect(isSocialCreditCode('91350100MI00100Y43')).toBe(false);
});

test('any one character changed, and any two different neighbours swapped, is found out', () => {
  for (let i = 0; i < REAL.length; i += 1) {
    for (const other of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
      const changed = REAL.slice(0, i) + other + REAL.slice(i + 1);
      expect(isSocialCreditCode(changed), changed).toBe(changed === REAL);
    }
    const swapped = REAL.slice(0, i) + REAL.slice(i + 1, i + 2) + REAL[i] + REAL.slice(i + 2);
    if (swapped.length === REAL.length) expect(isSocialCreditCode(swapped), swapped).toBe(swapped === REAL);
  }
});

test('the country says what a tax id looks like', () => {
  expect(taxIdFault('CN', REAL)).toBeNull();
  expect(taxIdFault('CN', '91350100M000100Y44')).toBe('credit_code');
  expect(taxIdFault('DE', 'DE123456789')).toBeNull();
  expect(taxIdFault('DE', '123456789')).toBe('vat_form');
  expect(taxIdFault('DE', 'FR12345678901')).toBe('vat_form');
  expect(taxIdFault('GR', 'EL123456789')).toBeNull();
  expect(taxIdFault('FR', 'FRXX123456789')).toBeNull();
  expect(taxIdFault('US', 'anything')).toBeNull();
  expect(taxIdFault('CN', '')).toBeNull();
});
