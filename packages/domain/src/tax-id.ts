/** Characters of a Chinese unified social credit code (GB 32100-2015) in the order of their values 0 to 30. */
const CREDIT_CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** True for an 18-character unified social credit code whose last character is the check digit of the others. */
export function isSocialCreditCode(text: string): boolean {
  if (text.length !== 18) return false;
  const values = [...text].map((character) => CREDIT_CODE_ALPHABET.indexOf(character));
  if (values.includes(-1)) return false;
  let sum = 0;
  let weight = 1;
  for (const value of values.slice(0, 17)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return values[17] === (31 - (sum % 31)) % 31;
}

/** Form of a value-added tax number by country of the European Union; Greece writes EL before it, everyone else its own code. */
const EU_VAT: Readonly<Record<string, RegExp>> = {
  AT: /^ATU\d{8}$/,
  BE: /^BE[01]\d{9}$/,
  BG: /^BG\d{9,10}$/,
  CY: /^CY\d{8}[A-Z]$/,
  CZ: /^CZ\d{8,10}$/,
  DE: /^DE\d{9}$/,
  DK: /^DK\d{8}$/,
  EE: /^EE\d{9}$/,
  ES: /^ES[0-9A-Z]\d{7}[0-9A-Z]$/,
  FI: /^FI\d{8}$/,
  FR: /^FR[0-9A-HJ-NP-Z]{2}\d{9}$/,
  GR: /^EL\d{9}$/,
  HR: /^HR\d{11}$/,
  HU: /^HU\d{8}$/,
  IE: /^IE(\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])$/,
  IT: /^IT\d{11}$/,
  LT: /^LT(\d{9}|\d{12})$/,
  LU: /^LU\d{8}$/,
  LV: /^LV\d{11}$/,
  MT: /^MT\d{8}$/,
  NL: /^NL[0-9A-Z+*]{10}\d{2}$/,
  PL: /^PL\d{10}$/,
  PT: /^PT\d{9}$/,
  RO: /^RO[1-9]\d{1,9}$/,
  SE: /^SE\d{10}01$/,
  SI: /^SI\d{8}$/,
  SK: /^SK\d{10}$/,
};

/** What is wrong with a tax id. */
export type TaxIdFault = 'credit_code' | 'vat_form';

/**
 * Checks the tax id of a company in a country (ISO 3166 alpha-2): the credit code with its check digit in China, the form in
 * the European Union, nothing elsewhere. Nobody is asked whether the number exists. Empty is none, and right.
 */
export function taxIdFault(country: string, taxId: string): TaxIdFault | null {
  if (taxId === '') return null;
  if (country === 'CN') return isSocialCreditCode(taxId) ? null : 'credit_code';
  const form = Object.hasOwn(EU_VAT, country) ? EU_VAT[country] : undefined;
  return form && !form.test(taxId) ? 'vat_form' : null;
}
