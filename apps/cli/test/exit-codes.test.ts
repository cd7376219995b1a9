import { ERROR_CATALOGUE } from '@suanxiang/domain/errors';
import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_CODES, exitOfProblem } from '../src/exit-codes';
import { runCli } from './harness';

const problem = (status: number, code: string) => ({
  status,
  json: { type: 'x', title: 'T', status, code, detail: 'D.', request_id: 'req_1', retryable: false, suggestion: 'Do.' },
});

describe('exit codes', () => {
  it('are distinct, and none is one that shells give a meaning to', () => {
    const codes = EXIT_CODES.map((entry) => entry.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code < 64 || code === 130, String(code)).toBe(true);
  });

  it('tell the kinds of problems apart, for every code of the catalogue', () => {
    const kinds = Object.entries(ERROR_CATALOGUE).map(([code, { status }]) => [code, exitOfProblem({ code, status })]);
    expect(Object.fromEntries(kinds)).toMatchObject({
      unauthenticated: EXIT.auth,
      mfa_required: EXIT.auth,
      permission_denied: EXIT.permission,
      not_found: EXIT.not_found,
      link_expired: EXIT.not_found,
      name_taken: EXIT.conflict,
      precondition_failed: EXIT.conflict,
      quota_exceeded: EXIT.quota,
      capacity_unavailable: EXIT.capacity,
      payment_required: EXIT.payment,
      spend_cap_reached: EXIT.payment,
      rate_limited: EXIT.rate_limited,
      invalid_request: EXIT.usage,
      unprocessable: EXIT.usage,
      internal: EXIT.unavailable,
      unavailable: EXIT.unavailable,
    });
    for (const [code, exit] of kinds) expect([EXIT.ok, EXIT.failed], String(code)).not.toContain(exit);
  });

  it('hold for codes that only a newer server knows', () => {
    expect(exitOfProblem({ code: 'reserved_elsewhere', status: 409 })).toBe(EXIT.conflict);
    expect(exitOfProblem({ code: 'melted', status: 599 })).toBe(EXIT.unavailable);
  });

  it.each([
    ['projects list', problem(401, 'unauthenticated'), EXIT.auth],
    ['projects list', problem(403, 'permission_denied'), EXIT.permission],
    ['projects list', problem(403, 'quota_exceeded'), EXIT.quota],
    ['projects list', problem(402, 'payment_required'), EXIT.payment],
    ['projects list', problem(429, 'rate_limited'), EXIT.rate_limited],
    ['projects list --retries 0', new TypeError('fetch failed'), EXIT.network],
  ] as const)('%s', async (words, answer, exit) => {
    expect((await runCli(words, { answers: [answer] })).code).toBe(exit);
  });

  it('are printed as a table in both languages', async () => {
    const english = await runCli('help exit-codes');
    expect(english.out.trim().split('\n')).toHaveLength(EXIT_CODES.length);
    expect(english.out).toContain('130  ended by Ctrl-C\n');
    expect((await runCli('help exit-codes', { locale: 'zh-CN' })).out).toContain('8    配额不足\n');
    const unknown = await runCli('help weather');
    expect([unknown.code, unknown.err]).toEqual([
      2,
      'suan: There is no command or topic "weather"; topics: exit-codes, environment, output.\n',
    ]);
    expect((await runCli('help instances create')).out).toContain('Usage: suan instances create');
  });
});

describe('Ctrl-C', () => {
  const operation = {
    id: 'op_0123456789abcdefghjkmnpqrs',
    kind: 'stop',
    status: 'running',
    resource_id: 'inst_0123456789abcdefghjkmnpqrs',
    steps: [],
    error: null,
  };

  it('while waiting leaves the resource alone, says how to go on, and exits 130', async () => {
    const result = await runCli(`instances stop ${operation.resource_id} --wait`, {
      answers: [{ status: 200, json: { id: operation.resource_id, operation } }],
      interruptAtSleep: 1,
    });
    expect(result.code).toBe(130);
    expect(result.err).toContain(`suan show ${operation.resource_id} --watch`);
    expect(result.err).toContain(`suan terminate ${operation.resource_id}`);
    expect(result.seen).toHaveLength(1);
  });

  it('before the answer to a change tells the key with which it can be repeated', async () => {
    const result = await runCli('ssh-keys delete sshk_0123456789abcdefghjkmnpqrs --idempotency-key k-1', {
      answers: [{ ...problem(503, 'unavailable'), json: { ...problem(503, 'unavailable').json, retryable: true } }],
      interruptAtSleep: 1,
    });
    expect(result.code).toBe(130);
    expect(result.err).toContain('repeat it with --idempotency-key k-1');
  });
});
