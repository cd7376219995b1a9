import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPublicAddress, requireSafeUrl, safeFetch, UnsafeAddressError } from '../src/safe-fetch';

const strict = { allowLocal: false };
let server: Server;
let port: number;
let hits = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    hits += 1;
    if (request.url === '/redirect') response.writeHead(302, { location: 'http://127.0.0.1/' }).end();
    else if (request.url === '/large') response.end('x'.repeat(100_000));
    else if (request.url === '/silent') return;
    else response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A resolver that gives these answers one after the other. */
function resolver(...answers: string[][]) {
  let calls = 0;
  const lookup = (_host: string, _options: object, done: (error: null, found: object[]) => void) => {
    const found = answers[Math.min(calls, answers.length - 1)]!;
    calls += 1;
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { lookup: lookup as never, calls: () => calls };
}

const privateV4 = fc.oneof(
  fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(0), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.integer({ min: 224, max: 255 }), fc.nat(255), fc.nat(255), fc.nat(255)),
);
const numberOf = (parts: number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
const hex4 = (parts: number[]) =>
  `${((parts[0]! << 8) | parts[1]!).toString(16)}:${((parts[2]! << 8) | parts[3]!).toString(16)}`;

test('attack 32: an inner address is refused however it is written', () => {
  fc.assert(
    fc.property(privateV4, (parts) => {
      const whole = numberOf(parts);
      const forms = [
        parts.join('.'),
        String(whole),
        `0x${whole.toString(16)}`,
        `0${whole.toString(8)}`,
        parts.map((part) => `0x${part.toString(16)}`).join('.'),
        parts.map((part) => `0${part.toString(8)}`).join('.'),
        `${parts[0]}.${numberOf(parts.slice(1))}`,
        `[::ffff:${parts.join('.')}]`,
        `[::ffff:${hex4(parts)}]`,
        `[64:ff9b::${hex4(parts)}]`,
        `[2002:${hex4(parts)}::1]`,
        `[::${hex4(parts)}]`,
      ];
      for (const form of forms) {
        expect(() => requireSafeUrl(`https://${form}/`, strict), form).toThrow(UnsafeAddressError);
      }
    }),
  );
});

test.each([
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd12::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '100::1',
  'fec0::1',
  '64:ff9b:1::1',
  '4000::1',
  'nonsense',
])('%s is not of the public internet', (address) => expect(isPublicAddress(address)).toBe(false));
test.each(['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])('%s is', (address) =>
  expect(isPublicAddress(address)).toBe(true),
);

test('attack 32: a name that leads inside is not connected to, not even with one of its answers', async () => {
  for (const answer of [['127.0.0.1'], ['::1'], ['93.184.216.34', '10.0.0.1'], ['::ffff:127.0.0.1']]) {
    const { lookup } = resolver(answer);
    await expect(safeFetch('https://inside.example.com/', { method: 'GET', ...strict, lookup })).rejects.toThrow(
      UnsafeAddressError,
    );
  }
});

test('attack 33: a name that changes its answer gains nothing: what is connected to is what was checked', async () => {
  const changing = resolver(['127.0.0.1']);
  const before = hits;
  await expect(
    safeFetch(`http://rebound.example.com:${port}/`, { method: 'GET', allowLocal: true, lookup: changing.lookup }),
  ).resolves.toMatchObject({ text: 'hello' });
  expect(changing.calls()).toBe(1);
  const inward = resolver(['10.1.2.3'], ['127.0.0.1']);
  await expect(
    safeFetch(`http://rebound.example.com:${port}/`, { method: 'GET', allowLocal: true, lookup: inward.lookup }),
  ).rejects.toThrow(UnsafeAddressError);
  expect(hits).toBe(before + 1);
});

test('redirects are answers, large answers are cut, silent servers are left', async () => {
  const local = { method: 'GET' as const, allowLocal: true };
  expect(await safeFetch(`http://127.0.0.1:${port}/redirect`, local)).toMatchObject({ status: 302 });
  expect((await safeFetch(`http://127.0.0.1:${port}/large`, { ...local, maxBytes: 1_000 })).text).toHaveLength(1_000);
  await expect(safeFetch(`http://127.0.0.1:${port}/silent`, { ...local, timeoutMs: 200 })).rejects.toThrow();
});
