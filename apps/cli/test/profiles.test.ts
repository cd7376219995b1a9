import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshConfigFile, type RunOptions, runCli } from './harness';

const ORG = 'org_0123456789abcdefghjkmnpqrs';
const OTHER_ORG = 'org_1123456789abcdefghjkmnpqrs';
const PROJECT = 'proj_0123456789abcdefghjkmnpqrs';
const empty = { status: 200, json: { items: [], next_cursor: null } };
const stored = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

function write(content: unknown): string {
  const file = freshConfigFile();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return file;
}

/** Two profiles for two addresses; `lab` is the current one. */
const both = () =>
  write({
    current: 'lab',
    profiles: {
      lab: { api_url: 'https://lab.example', token: 'session-lab', organization_id: ORG, language: 'zh-CN' },
      prod: { api_url: 'https://prod.example', token: 'sx_sk_live_prodprodprod', output: 'json', project_id: PROJECT },
    },
  });

/** Where a listing went, and as whom. */
async function sent(words: string, options: RunOptions) {
  const result = await runCli(words, { apiKey: null, answers: [empty], ...options });
  const [request] = result.seen;
  return {
    ...result,
    url: request?.url,
    token: request?.headers.authorization,
    org: request?.headers['organization-id'],
  };
}

describe('suan profile', () => {
  it('adds, lists, changes, chooses and removes, readable by nobody else', async () => {
    const configFile = freshConfigFile();
    const options = { configFile, apiKey: null };
    const added = await runCli('profile add lab --api-url https://lab.example/ --api-key - --language zh-CN', {
      ...options,
      stdin: 'sx_sk_test_secretsecret\n',
    });
    expect([added.code, added.err]).toEqual([0, 'Added the profile lab.\n']);
    expect(statSync(configFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(configFile)).mode & 0o777).toBe(0o700);
    await runCli(`profile add prod --org-id ${ORG} --project-id ${PROJECT} --output json`, options);
    expect(stored(configFile)).toEqual({
      current: 'lab',
      profiles: {
        lab: { api_url: 'https://lab.example', token: 'sx_sk_test_secretsecret', language: 'zh-CN' },
        prod: { organization_id: ORG, project_id: PROJECT, output: 'json' },
      },
    });
    const list = await runCli('profile ls --lang en', options);
    expect(list.out).toMatch(
      /^ {3}NAME +API URL +CREDENTIALS +ORGANIZATION ID +PROJECT ID +LANGUAGE +OUTPUT\n\* {2}lab /,
    );
    expect(list.out).not.toContain('secretsecret');

    await runCli('profile use prod', options);
    expect(stored(configFile).current).toBe('prod');
    await runCli('profile set prod --project-id= --output table', options);
    expect(stored(configFile).profiles.prod).toEqual({ organization_id: ORG, output: 'table' });
    const removed = await runCli('profile rm prod', options);
    expect(removed.err).toContain('The current profile is lab.');
    expect(Object.keys(stored(configFile).profiles)).toEqual(['lab']);
  });

  it('says in one sentence what is wrong', async () => {
    const configFile = both();
    const options = { configFile, apiKey: null, locale: 'en' as const };
    const wrong = async (words: string) => {
      const { code, err } = await runCli(`${words} --lang en`, options);
      return [code, err];
    };
    expect(await wrong('profile add lab')).toEqual([
      7,
      'suan: There is a profile lab already; "suan profile set lab" changes it.\n',
    ]);
    expect((await wrong('profile use ghost'))[0]).toBe(6);
    expect((await wrong('profile rm ghost'))[0]).toBe(6);
    expect((await wrong("profile add 'a b'"))[0]).toBe(2);
    expect(await wrong('profile set lab')).toEqual([
      2,
      'suan: Nothing to change: give at least one of --api-url, --api-key, --org-id, --project-id, --language, --output.\n',
    ]);
    expect(await wrong('profile add x --output xml')).toEqual([
      2,
      'suan: --output does not allow "xml"; allowed: table, json.\n',
    ]);
    expect((await wrong('profile add x --org-id lab'))[1]).toBe('suan: --org-id wants an id like org_…, not "lab".\n');
  });
});

describe('which value counts', () => {
  it('--profile before the environment, the environment before SUAN_PROFILE and the current profile', async () => {
    const configFile = both();
    const current = await sent('projects list', { configFile });
    expect(current).toMatchObject({ url: 'https://lab.example', token: 'Bearer session-lab', org: ORG });
    expect(current.out).toBe('没有内容。\n');

    const chosen = await sent('projects list', { configFile, env: { profile: 'prod' } });
    expect(chosen).toMatchObject({ url: 'https://prod.example', token: 'Bearer sx_sk_live_prodprodprod' });
    expect(JSON.parse(chosen.out)).toEqual({ items: [], next_cursor: null });

    const env = { apiUrl: 'https://env.example', language: 'en', output: 'table', org: OTHER_ORG };
    const fromEnv = await sent('projects list', { configFile, apiKey: 'sx_sk_test_env', env });
    expect(fromEnv).toMatchObject({ url: 'https://env.example', token: 'Bearer sx_sk_test_env', org: OTHER_ORG });
    expect(fromEnv.out).toBe('Nothing here.\n');

    const named = await sent('projects list --profile prod', { configFile, apiKey: 'sx_sk_test_env', env });
    expect(named).toMatchObject({
      url: 'https://prod.example',
      token: 'Bearer sx_sk_live_prodprodprod',
      org: undefined,
    });
    expect(JSON.parse(named.out)).toEqual({ items: [], next_cursor: null });

    const typed = await sent(`projects list --profile lab --lang en --org ${OTHER_ORG}`, { configFile, env });
    expect(typed).toMatchObject({ url: 'https://lab.example', org: OTHER_ORG, out: 'Nothing here.\n' });
  });

  it('a project is the default where workloads are made and listed, and an empty --project-id stands for none', async () => {
    const configFile = both();
    const env = { profile: 'prod' };
    const path = async (words: string, more: RunOptions = {}) =>
      (await sent(words, { configFile, env, ...more })).seen[0]?.path;
    expect(await path('instances list')).toBe(`/v1/instances?project_id=${PROJECT}`);
    expect(await path('instances list --project-id=')).toBe('/v1/instances');
    expect(await path('webhooks list')).toBe('/v1/webhooks');
    const made = await sent('instances create --name t --region-id r --accelerator-id h --no-wait', {
      configFile,
      env: { projectId: PROJECT },
      answers: [{ status: 201, json: { id: 'x' } }],
    });
    expect(made.seen[0]!.body).toMatchObject({ project_id: PROJECT });
  });

  it('credentials of a profile never go to another address', async () => {
    const configFile = both();
    const result = await runCli('projects list --api-url https://evil.example --lang en', { configFile, apiKey: null });
    expect([result.code, result.seen]).toEqual([4, []]);
    expect(result.err).toContain('are for https://lab.example and are not sent to https://evil.example');
    const key = await sent('projects list --api-url https://other.example', { configFile, apiKey: 'sx_sk_test_env' });
    expect(key).toMatchObject({ url: 'https://other.example', token: 'Bearer sx_sk_test_env' });
  });

  it('a sign-in into another profile leaves the current one current', async () => {
    const configFile = both();
    const me = { kind: 'user', id: 'u', name: 'Li', email: 'l@example.com', locale: 'en', organizations: [] };
    await runCli('login --profile third --api-key - --api-url https://third.example', {
      configFile,
      apiKey: null,
      stdin: 'sx_sk_test_third',
      answers: [{ status: 200, json: me }],
    });
    expect(stored(configFile)).toMatchObject({ current: 'lab', profiles: { third: { token: 'sx_sk_test_third' } } });
  });
});

describe('a config file that is wrong', () => {
  it.each([
    ['{"profiles": 3', 'it does not hold JSON'],
    ['{"profiles": {"lab": {"api_url": 7}}}', 'profiles.lab.api_url: '],
    ['{"profiles": {"lab": {"output": "xml"}}}', 'profiles.lab.output: '],
  ])('%s is explained in one sentence with its place', async (content, sentence) => {
    const configFile = write(content);
    const result = await runCli('projects list', { configFile });
    expect(result.code).toBe(2);
    expect(result.err).toContain(`suan: ${configFile} is not a config file of suan: ${sentence}`);
    expect(result.err.trim().split('\n')).toHaveLength(1);
    const chinese = await runCli('projects list', { configFile, locale: 'zh-CN' });
    expect(chinese.err).toContain('不是有效的 suan 配置文件');
    expect((await runCli('--help', { configFile })).code).toBe(0);
  });

  it('that others can read is warned about', async () => {
    const configFile = both();
    chmodSync(configFile, 0o644);
    const result = await sent('projects list --lang en', { configFile });
    expect(result.err).toBe(`Others can read ${configFile}, which holds your credentials: chmod 600 ${configFile}\n`);
  });
});
