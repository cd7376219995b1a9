import { createLogger, scrubLine } from '@suanxiang/platform/logger';
import fc from 'fast-check';
import { expect, test } from 'vitest';

function capture(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'info' }, { write: (line: string) => void lines.push(line) });
  write(log);
  return lines.join('');
}

test('secret fields are redacted at three depths', () => {
  const out = capture((log) =>
    log.info({
      password: 'hunter2-a',
      user: { password: 'hunter2-b' },
      request: { headers: { authorization: 'Bearer hunter2-c', cookie: 'hunter2-d' } },
      name: 'kept',
    }),
  );
  expect(out).not.toContain('hunter2');
  expect(out).toContain('"name":"kept"');
});

test('an API key in any text is cut to its public prefix', () => {
  const body = fc.stringMatching(/^[A-Za-z0-9]{50}$/);
  fc.assert(
    fc.property(body, fc.constantFrom('sk', 'op', 'wi'), fc.constantFrom('live', 'test'), (text, type, env) => {
      const key = `suan_${type}_${env}_${text}`;
      const out = capture((log) => log.info({ url: `/v1/x?key=${key}` }, `refused ${key}`));
      expect(out).not.toContain(text);
      expect(out).toContain(`suan_${type}_${env}_${text.slice(0, 4)}[redacted]`);
    }),
  );
});

test('a password inside a connection URL is redacted, the rest stays readable', () => {
  expect(scrubLine('{"err":"connect postgresql://app_api:s3cr3t@127.0.0.1:5432/x"}')).toBe(
    '{"err":"connect postgresql://app_api:[redacted]@127.0.0.1:5432/x"}',
  );
  expect(scrubLine('{"url":"http://127.0.0.1:4000/v1/a@b"}')).toBe('{"url":"http://127.0.0.1:4000/v1/a@b"}');
});
