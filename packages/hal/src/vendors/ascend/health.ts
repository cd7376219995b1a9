import type { Draft } from '../shared/draft';

/** Ascend's four words on health: OK, Warning (minor alarm), Alarm (major), Critical. */
export function setAscendHealth(draft: Draft, word: string | undefined): void {
  const text = (word ?? '').trim().toLowerCase();
  if (text === '') return;
  if (/^(?:ok|healthy|normal)$/.test(text)) draft.vendorHealth = 'ok';
  else if (/^(?:warning|warn|minor|general warning)/.test(text)) draft.faults.add('vendor-warning');
  else if (/^(?:alarm|critical|error|abnormal|unhealthy|important|emergency|major)/.test(text))
    draft.faults.add('vendor-alarm');
  else draft.vendorHealth = 'unknown';
}

/** An Ascend fault code as eight upper-case hexadecimal digits; null for none (0). */
export function ascendCode(text: string): string | null {
  const match = /^\s*(?:0x)?([0-9a-f]{6,8})\s*$/i.exec(text);
  if (!match || /^0+$/.test(match[1]!)) return null;
  return match[1]!.toUpperCase().padStart(8, '0');
}
