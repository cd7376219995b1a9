import { generateKeyPairSync } from 'node:crypto';
import { parseSshKey, SshKeyError } from '@suanxiang/services/ssh-key/parse-ssh-key';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** The wire format, written by hand: length and bytes of each field. */
function wire(...fields: (string | Buffer)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = typeof field === 'string' ? Buffer.from(field) : field;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
const line = (type: string, blob: Buffer, comment = '') =>
  `${type} ${blob.toString('base64')}${comment ? ` ${comment}` : ''}`;
const positive = (bytes: Buffer) => (bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);

function rsa(bits: number): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const { n, e } = publicKey.export({ format: 'jwk' }) as { n: string; e: string };
  return line(
    'ssh-rsa',
    wire('ssh-rsa', positive(Buffer.from(e, 'base64url')), positive(Buffer.from(n, 'base64url'))),
    'rsa@test',
  );
}
function ecdsa(curve: 'P-256' | 'P-384' | 'P-521', name: string): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return line(`ecdsa-sha2-${name}`, wire(`ecdsa-sha2-${name}`, name, point));
}
const ed25519 = (point = Buffer.alloc(32, 7)) => line('ssh-ed25519', wire('ssh-ed25519', point), 'li lei@笔记本');

function refusal(text: string): SshKeyError {
  try {
    parseSshKey(text);
  } catch (error) {
    if (error instanceof SshKeyError) return error;
    throw error;
  }
  throw new Error(`was accepted: ${text.slice(0, 80)}`);
}

describe('keys that are accepted', () => {
  test('Ed25519, with a comment in any script and white space around', () => {
    const key = parseSshKey(`\n  ${ed25519()}  \r\n`);
    expect(key).toMatchObject({ type: 'ssh-ed25519', bits: 256, comment: 'li lei@笔记本' });
    expect(key.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(key.publicKey).toBe(ed25519().split(' ').slice(0, 2).join(' '));
  });

  test.each([
    ['P-256', 'nistp256', 256],
    ['P-384', 'nistp384', 384],
    ['P-521', 'nistp521', 521],
  ] as const)('ECDSA on %s', (curve, name, bits) => {
    expect(parseSshKey(ecdsa(curve, name))).toMatchObject({ type: `ecdsa-sha2-${name}`, bits });
  });

  test.each([2048, 3072])('RSA of %i bits', (bits) => {
    expect(parseSshKey(rsa(bits))).toMatchObject({ type: 'ssh-rsa', bits, comment: 'rsa@test' });
  });

  // Made by ssh-keygen, with the bits and the fingerprint that `ssh-keygen -l` shows for them.
  test.each([
    [
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMBdXvpAN40nTg3Oks4GOkVGT3SrKa1OWY6CcQ+yHbge me@laptop',
      256,
      'SHA256:BmJgy69BBIOADITDSiloizVEStZmfCRHnPedYGUXkDw',
    ],
    [
      'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCQ9k2aBdFnEQjEHgrjppAirWIL5LjeAv/Dm4MEFFITBDocsfZxnxsN6IgZ6O6DoktsThvohjG1xKzEpdItTT6U39CsCAuvvYM2jaK3zY54rRX9kjvYrAVQ9h5D6nmFYMUoYDzUQn52GK/B+OdkjdfqO/6AXjjKSkPlTvWMxCJXOw+sQtyscVmTqZQAROdwASBRvevUk5NIaW5/3a9Heh8xAOmugCqD9a0paLNtUi5Dw0+ERjO9aJx74nljf83j9rAwhcQKU1W3RlU3G/0B5UjAVKY/R4rnVb4uKEiR07VhgH6UceMUoh821Vnu0nUqmI3HxnsC3OnuDtlQFQgnTXKZITw3pxkZlZ12UCLBRuEykCRRFNFQpScEAzS8tx8HdfdClR/AtdoZRq34yYMLhhvgPdnpd3XDYNeDQZYTQndlXjZHq7QjzUW8ww5GQeZFVXxX8kIFtvf+bFdM98xXdEZYLSXUALNS4Yb05KM6bRC6Bn/TZBdS5fLQzngWPHOqa6k= me@laptop',
      3072,
      'SHA256:UcEC1bVUhyO6bD9Qpa9GuTaCDmx67JckYICbKG2SmRw',
    ],
    [
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMA2lRyKpa5kgj6IxhfczZekL5gaKJxcs2i0oINYdTbhZRkBPEbJXjl3b8SyuprlIbIvrbC/v3ovzTIA+dUQDMs= me@laptop',
      256,
      'SHA256:wNJfuo33Yc5DVqzRj/ipL+pf2smi2GooOLjEwus6g7Y',
    ],
  ] as const)('what ssh-keygen has made: %s', (text, bits, fingerprint) => {
    expect(parseSshKey(text)).toMatchObject({ bits, fingerprint, comment: 'me@laptop' });
  });
});

describe('texts that are refused say why', () => {
  const blob = Buffer.from(ed25519().split(' ')[1]!, 'base64');
  const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]);
  test.each([
    ['private_key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----'],
    ['private_key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
    ['private_key', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none'],
    ['format', '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----'],
    ['format', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----'],
    ['format', `${ed25519()}\n${ed25519(Buffer.alloc(32, 8))}`],
    ['format', `command="rm -rf /" ${ed25519()}`],
    ['format', blob.toString('base64')],
    ['format', 'hello'],
    ['format', ''],
    ['unsupported', 'ssh-dss AAAAB3NzaC1kc3MAAACBAP'],
    ['unsupported', 'sk-ssh-ed25519@openssh.com AAAAGnNr'],
    ['unsupported', 'ssh-ed448 AAAA'],
    ['damaged', 'ssh-ed25519'],
    ['damaged', 'ssh-ed25519 AAAA'],
    ['damaged', `ssh-ed25519 ${blob.toString('base64').slice(0, -8)}`],
    ['damaged', line('ssh-ed25519', Buffer.concat([blob, Buffer.from([0])]))],
    ['damaged', line('ssh-ed25519', wire('ssh-ed25519', Buffer.alloc(31)))],
    ['damaged', line('ssh-ed25519', wire('ssh-ed25519', Buffer.alloc(32), 'more'))],
    ['damaged', line('ssh-rsa', blob)],
    ['damaged', line('ssh-ed25519', wire('ssh-rsa', Buffer.alloc(32)))],
    ['damaged', `ssh-ed25519 ${'*'.repeat(68)}`],
    ['damaged', line('ecdsa-sha2-nistp256', wire('ecdsa-sha2-nistp256', 'nistp256', offCurve))],
    ['damaged', line('ecdsa-sha2-nistp256', wire('ecdsa-sha2-nistp256', 'nistp384', offCurve))],
    [
      'damaged',
      line(
        'ecdsa-sha2-nistp256',
        wire('ecdsa-sha2-nistp256', 'nistp256', Buffer.concat([Buffer.from([2]), Buffer.alloc(32, 1)])),
      ),
    ],
    ['damaged', line('ssh-rsa', wire('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(256, 0x81)))],
    ['damaged', line('ssh-rsa', wire('ssh-rsa', Buffer.from([2]), positive(Buffer.alloc(256, 0x81))))],
    [
      'damaged',
      line(
        'ssh-rsa',
        wire('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0]), Buffer.alloc(256, 0x71)])),
      ),
    ],
  ])('%s: %s', (code, text) => {
    const error = refusal(text);
    expect(error.code, error.message).toBe(code);
    expect(error.message).toMatch(/\.$|FILE$|ed25519$/);
  });

  test('RSA below 2048 bits names its size and what to do', () => {
    const error = refusal(rsa(1024));
    expect(error.code).toBe('weak');
    expect(error.message).toContain('this one has 1024');
  });
});

test('any text at all is either a key or a stated refusal, quickly', () => {
  const bits = fc.array(
    fc.constantFrom('ssh-ed25519', 'ssh-rsa', ' ', '\t', 'AAAA', '=', '\n', '-----BEGIN', 'é', '\u0000'),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 8192 }),
        bits.map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          parseSshKey(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SshKeyError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
