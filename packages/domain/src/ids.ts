/**
 * Public identifiers: a prefix that names the kind, `_`, and a UUIDv7 in 26 characters of Crockford base32 (the TypeID
 * encoding), so that ids of one kind sort by creation time. They are stored as they are shown.
 */
export const ID_PREFIXES = {
  user: 'user',
  session: 'sess',
  organization: 'org',
  project: 'proj',
  membership: 'memb',
  invitation: 'invt',
  quotaRequest: 'qreq',
  impersonation: 'imp',
  sshKey: 'sshk',
  apiKey: 'key',
  workloadInstance: 'inst',
  workloadCluster: 'clus',
  allocation: 'alloc',
  operation: 'op',
  invoice: 'inv',
  creditNote: 'cn',
  fapiaoRequest: 'fapr',
  journal: 'jrnl',
  payment: 'pay',
  creditGrant: 'grant',
  creditProposal: 'cprop',
  coupon: 'coup',
  priceBook: 'pbook',
  contract: 'contr',
  quarantine: 'quar',
  budget: 'budg',
  billingEvent: 'bev',
  paymentMethod: 'pm',
  auditEvent: 'aud',
  request: 'req',
  ratingRun: 'rate',
  stateChange: 'sc',
  undelivered: 'und',
  operatorUser: 'oper',
  agent: 'agt',
  nodeDrain: 'drain',
  healthRecord: 'hlth',
  eviction: 'evic',
  whatIf: 'whatif',
  mail: 'mail',
  passkey: 'pkey',
  event: 'evt',
  webhook: 'wh',
  webhookDelivery: 'whd',
  webhookAttempt: 'wha',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 128 bits as 26 characters, five bits each, with two zeros before them. */
function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 2;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]!;
  }
  return text;
}

/** Mints an id. `nowMs` (Unix ms) orders it; the random part comes from the platform's CSPRNG. */
export function mintId(kind: IdKind, nowMs: number): string {
  const bytes = new Uint8Array(16);
  globalThis.crypto.getRandomValues(bytes);
  // 48 bits: more than the operators on bits take.
  for (let i = 5, time = Math.trunc(nowMs); i >= 0; i -= 1, time = Math.floor(time / 256)) bytes[i] = time % 256;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `${ID_PREFIXES[kind]}_${encodeBase32(bytes)}`;
}

/** Unix milliseconds at which an id of this kind was minted, or null when text is no such id. */
export function mintedAtMs(kind: IdKind, text: string): number | null {
  if (!isId(kind, text)) return null;
  let value = 0n;
  for (const letter of text.slice(-26)) value = (value << 5n) | BigInt(ALPHABET.indexOf(letter));
  return Number(value >> 80n);
}

/** Regular expression source that an id of a kind matches, for schemas. */
export function idPattern(kind: IdKind): string {
  return `^${ID_PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{26}$`;
}

/** True when text has the form of an id of this kind (says nothing about existence). */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(idPattern(kind)).test(text);
}
