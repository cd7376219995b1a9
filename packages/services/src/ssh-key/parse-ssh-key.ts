import { createHash, createPublicKey } from 'node:crypto';

/** An OpenSSH public key that has been read and found usable. */
export interface SshPublicKey {
  /** `type base64`, without comment or options: what is put on machines. */
  publicKey: string;
  type: string;
  bits: number;
  /** `SHA256:<base64>`, as ssh-keygen -l shows it. */
  fingerprint: string;
  comment: string;
}

/** Says in one sentence why a text is not a usable public key. */
export class SshKeyError extends Error {
  override readonly name = 'SshKeyError';
  constructor(
    readonly code: 'private_key' | 'format' | 'unsupported' | 'weak' | 'damaged',
    message: string,
  ) {
    super(message);
  }
}

const CURVES: Record<string, { bits: number; jwk: string; bytes: number }> = {
  nistp256: { bits: 256, jwk: 'P-256', bytes: 32 },
  nistp384: { bits: 384, jwk: 'P-384', bytes: 48 },
  nistp521: { bits: 521, jwk: 'P-521', bytes: 66 },
};
const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 16_384;

const damaged = (what: string) =>
  new SshKeyError('damaged', `The key is damaged: ${what}. Copy the whole line of the .pub file.`);

/** Reads the length-prefixed fields of the wire format (RFC 4253, section 6.6) to their end. */
function readFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) throw damaged('it ends inside a length');
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) throw damaged('it is cut off');
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** Bits of a positive multiple-precision integer (RFC 4251, section 5). */
function mpintBits(field: Buffer, name: string): number {
  if (field.length === 0 || field[0]! & 0x80) throw damaged(`${name} is not a positive number`);
  const digits = field[0] === 0 ? field.subarray(1) : field;
  if (digits.length === 0 || (field[0] === 0 && !(digits[0]! & 0x80))) throw damaged(`${name} is not in shortest form`);
  return digits.length * 8 - Math.clz32(digits[0]!) + 24;
}

function rsaBits(fields: readonly Buffer[]): number {
  if (fields.length !== 3) throw damaged('an RSA key has two numbers');
  const exponentBits = mpintBits(fields[1]!, 'the exponent');
  const bits = mpintBits(fields[2]!, 'the modulus');
  if (bits < LEAST_RSA_BITS) {
    throw new SshKeyError(
      'weak',
      `RSA keys need at least ${LEAST_RSA_BITS} bits, this one has ${bits}. Make one with: ssh-keygen -t ed25519`,
    );
  }
  const exponent = fields[1]!.at(-1)!;
  if (bits > MOST_RSA_BITS || exponentBits > 64 || exponent % 2 === 0 || fields[2]!.at(-1)! % 2 === 0) {
    throw damaged('its numbers are no RSA key');
  }
  return bits;
}

function ecdsaBits(type: string, fields: readonly Buffer[]): number {
  const name = type.slice('ecdsa-sha2-'.length);
  const curve = CURVES[name];
  const point = fields[2];
  if (!curve || fields.length !== 3 || !point || fields[1]!.toString('latin1') !== name) {
    throw damaged('the curve does not match the type');
  }
  if (point.length !== 1 + 2 * curve.bytes || point[0] !== 4) throw damaged('the point is not in uncompressed form');
  try {
    // OpenSSL refuses a point that does not lie on the curve.
    createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: curve.jwk,
        x: point.subarray(1, 1 + curve.bytes).toString('base64url'),
        y: point.subarray(1 + curve.bytes).toString('base64url'),
      },
    });
  } catch {
    throw damaged('the point does not lie on the curve');
  }
  return curve.bits;
}

function bitsOf(type: string, fields: readonly Buffer[]): number {
  if (type === 'ssh-ed25519') {
    if (fields.length !== 2 || fields[1]!.length !== 32) throw damaged('an Ed25519 key has 32 bytes');
    return 256;
  }
  return type === 'ssh-rsa' ? rsaBits(fields) : ecdsaBits(type, fields);
}

const SUPPORTED = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/**
 * Reads one line of an OpenSSH public key file and checks the key itself, not only its looks. Throws SshKeyError with what
 * is wrong and what would be right.
 */
export function parseSshKey(text: string): SshPublicKey {
  const line = text.trim();
  if (/-----BEGIN .*PRIVATE KEY-----|^PuTTY-User-Key-File/m.test(line)) {
    throw new SshKeyError(
      'private_key',
      'This is a private key. Never send it anywhere; send the .pub file beside it.',
    );
  }
  if (/-----BEGIN|^---- BEGIN/.test(line)) {
    throw new SshKeyError('format', 'This is not the OpenSSH format. Convert it with: ssh-keygen -i -f FILE');
  }
  if (/[\r\n]/.test(line))
    throw new SshKeyError('format', 'Send one key: a single line like "ssh-ed25519 AAAA... name".');
  const [type = '', base64 = '', ...comment] = line.split(/[ \t]+/);
  if (!SUPPORTED.includes(type)) {
    const known = /^(ssh-dss|sk-|ecdsa-|ssh-)/.test(type);
    const what = known
      ? `Keys of type ${type.slice(0, 40)} are not supported`
      : 'A key starts with its type, without options';
    throw new SshKeyError(known ? 'unsupported' : 'format', `${what}; use one of ${SUPPORTED.join(', ')}.`);
  }
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(base64)) throw damaged('the part after the type is not base64');
  const blob = Buffer.from(base64, 'base64');
  const canonical = blob.toString('base64');
  if (canonical.replace(/=+$/, '') !== base64.replace(/=+$/, ''))
    throw damaged('the part after the type is not base64');
  const fields = readFields(blob);
  if (fields[0]?.toString('latin1') !== type) throw damaged(`it says ${type} outside and something else inside`);
  return {
    publicKey: `${type} ${canonical}`,
    type,
    bits: bitsOf(type, fields),
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    comment: comment.join(' '),
  };
}
