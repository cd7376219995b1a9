import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnv } from '../src/env';
import { freshConfigFile, runCli } from './harness';

const ORG = 'org_0123456789abcdefghjkmnpqrs';
const OTHER = 'org_1123456789abcdefghjkmnpqrs';
const org = (id: string, slug: string) => ({
  id,
  slug,
  name: `Name of ${slug}`,
  mode: 'sandbox',
  currency: 'USD',
  role: 'owner',
  permissions: [],
});
const me = (...organizations: object[]) => ({
  status: 200,
  json: { kind: 'user', id: 'u1', name: 'Li', email: 'li@example.com', locale: 'en', organizations },
});
const session = { status: 200, json: { token: 'session-token', expires_at: '2026-12-01T00:00:00Z', user: {} } };
const empty = { status: 200, json: { items: [], next_cursor: null } };
const stored = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('signing in', () => {
  it('keeps the session in a file that only its owner can read, and uses it', async () => {
    const configFile = freshConfigFile();
    const options = { configFile, apiKey: null };
    const login = await runCli('login --email li@example.com', {
      ...options,
      stdin: 'secret\n',
      answers: [session, me(org(ORG, 'lab'))],
    });
    expect(login.err).toBe(`Signed in as li@example.com at http://localhost:4000.\nActing in Name of lab (${ORG}).\n`);
    expect(login.seen[0]).toMatchObject({
      path: '/v1/auth/sign-in',
      body: { email: 'li@example.com', password: 'secret' },
    });
    expect(login.seen[0]!.headers.authorization).toBeUndefined();
    expect(statSync(configFile).mode & 0o777).toBe(0o600);
    expect(stored(configFile).profiles.default).toEqual({
      api_url: 'http://localhost:4000',
      token: 'session-token',
      organization_id: ORG,
    });

    const list = await runCli('projects list', { ...options, answers: [empty] });
    expect(list.seen[0]!.headers).toMatchObject({ authorization: 'Bearer session-token', 'organization-id': ORG });

    const out = await runCli('sign-out', { ...options, answers: [{ status: 204 }] });
    expect([out.code, out.err]).toEqual([0, 'Signed out.\n']);
    const after = await runCli('projects list', options);
    expect([after.code, after.err]).toEqual([4, 'suan: Not signed in: run "suan login", or set SUANXIANG_API_KEY.\n']);
  });

  it('asks at a terminal, hides nothing in the file but the password', async () => {
    const configFile = freshConfigFile();
    const result = await runCli('sign-up --email li@example.com', {
      configFile,
      apiKey: null,
      interactive: true,
      typed: ['longpassword', '李雷'],
      answers: [session, me()],
    });
    expect(result.seen[0]!.body).toEqual({ email: 'li@example.com', password: 'longpassword', name: '李雷' });
    expect(result.err).toContain('Create an organization next');
    expect(readFileSync(configFile, 'utf8')).not.toContain('longpassword');
  });

  it('stores a pasted API key', async () => {
    const configFile = freshConfigFile();
    await runCli('login --api-key -', {
      configFile,
      apiKey: null,
      stdin: 'sx_sk_test_abc\n',
      answers: [me(org(ORG, 'lab'))],
    });
    const list = await runCli('projects list', { configFile, apiKey: null, answers: [empty] });
    expect(list.seen[0]!.headers.authorization).toBe('Bearer sx_sk_test_abc');
    expect(list.seen[0]!.headers['organization-id']).toBeUndefined();
  });

  it('lets people with several organizations choose', async () => {
    const configFile = freshConfigFile();
    const options = { configFile, apiKey: null };
    const both = me(org(ORG, 'lab'), org(OTHER, 'shop'));
    const login = await runCli('login --email li@example.com', { ...options, stdin: 'x', answers: [session, both] });
    expect(login.err).toContain('You belong to 2 organizations; choose one with "suan use": lab, shop');
    const used = await runCli('use shop', { ...options, answers: [both] });
    expect(used.err).toBe(`Acting in Name of shop (${OTHER}).\n`);
    const list = await runCli('projects list', { ...options, answers: [empty] });
    expect(list.seen[0]!.headers['organization-id']).toBe(OTHER);
    const other = await runCli('projects list --org lab', { ...options, answers: [both, empty] });
    expect(other.seen[1]!.headers['organization-id']).toBe(ORG);
    const wrong = await runCli('use ghost', { ...options, answers: [both] });
    expect(wrong.err).toBe('suan: There is no organization ghost for you; you belong to: lab, shop\n');
  });

  it('keeps profiles apart, and the named one wins over the environment', async () => {
    const configFile = freshConfigFile();
    const stdin = 'sx_sk_live_prod';
    await runCli('login --api-key - --profile prod --api-url https://cloud.example/', {
      configFile,
      apiKey: null,
      stdin,
      answers: [me(org(ORG, 'lab'))],
    });
    const result = await runCli('projects list --profile prod', { configFile, answers: [empty] });
    expect(result.seen[0]!.headers.authorization).toBe('Bearer sx_sk_live_prod');
    expect(stored(configFile).profiles.prod.api_url).toBe('https://cloud.example');
    const missing = await runCli('projects list --profile ghost', { configFile });
    expect(missing.err).toContain('There is no profile ghost');
  });

  it('signs the operator in apart from tenants', async () => {
    const configFile = freshConfigFile();
    const options = { configFile, apiKey: null };
    const before = await runCli('operator fleet', options);
    expect([before.code, before.err]).toEqual([4, 'suan: Not signed in as operator: run "suan operator sign-in".\n']);
    const operator = {
      token: 'op-token',
      expires_at: '2026-12-01T00:00:00Z',
      operator: { id: 'o', email: 'ops@example.com', name: 'Ops' },
    };
    await runCli('operator sign-in --email ops@example.com', {
      ...options,
      stdin: 'pw',
      answers: [{ status: 200, json: operator }],
    });
    const fleet = await runCli('operator fleet', { ...options, answers: [{ status: 200, json: { zones: [] } }] });
    expect(fleet.seen[0]!.headers.authorization).toBe('Bearer op-token');
  });

  it('acts on the present organization when none is named', async () => {
    const result = await runCli('organizations get', {
      answers: [me(org(ORG, 'lab')), { status: 200, json: { id: ORG } }],
    });
    expect(result.seen.map((request) => request.path)).toEqual(['/v1/me', `/v1/organizations/${ORG}`]);
  });

  it('refuses a broken config file in one sentence', async () => {
    const configFile = freshConfigFile();
    mkdirSync(dirname(configFile), { recursive: true });
    writeFileSync(configFile, '{"profiles": 3');
    const result = await runCli('projects list', { configFile });
    expect(result.code).toBe(2);
    expect(result.err).toContain('is not a config file of suan');
  });
});

describe('readEnv', () => {
  it('takes the language from the first locale variable that is set', () => {
    expect(readEnv({ LANG: 'zh_CN.UTF-8' }).locale).toBe('zh-CN');
    expect(readEnv({ LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }).locale).toBe('en');
    expect(readEnv({ LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'C' }).locale).toBe('zh-CN');
    expect(readEnv({}).locale).toBe('en');
  });

  it('finds the config file', () => {
    expect(readEnv({ XDG_CONFIG_HOME: '/x' }).configFile).toBe('/x/suan/config.json');
  });
});
