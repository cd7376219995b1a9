import { describe, expect, it } from 'vitest';
import { runCli } from './harness';

const ID = 'inst_0123456789abcdefghjkmnpqrs';
const CLUSTER = 'clus_0123456789abcdefghjkmnpqrs';
const instance = (over: object = {}) => ({
  id: ID,
  name: 'trainer',
  state: 'running',
  running_since: '2026-11-24T10:00:00.000Z',
  created_at: '2026-11-24T09:00:00.000Z',
  ssh: { host: 'ssh.example', port: 22001, user: 'root' },
  ...over,
});
const cluster = {
  ...instance({ id: CLUSTER, name: 'pretrain', ssh: undefined }),
  nodes: [0, 1].map((rank) => ({ rank, ssh: { host: `n${rank}.example`, port: 22, user: 'root' } })),
};
const reading = (workload: object) => ({ status: 200, json: workload });
const listing = (...items: object[]) => ({ status: 200, json: { items, next_cursor: null } });

describe('suan ssh', () => {
  it('runs ssh on the instance of that name, its host key kept for this start, and ends with the exit code of ssh', async () => {
    const result = await runCli('ssh trainer -i key -- nvidia-smi -L', {
      answers: [listing(instance()), listing(), reading(instance())],
      programExit: 3,
    });
    expect(result.code).toBe(3);
    expect(result.programs).toEqual([
      [
        ...['ssh', '-p', '22001', '-l', 'root', '-i', 'key'],
        ...['-o', `HostKeyAlias=${ID}.1795514400`, '-o', 'StrictHostKeyChecking=accept-new'],
        ...['-o', `UserKnownHostsFile="${result.env.knownHostsFile}"`, 'ssh.example', 'nvidia-smi', '-L'],
      ],
    ]);
    expect(result.out + result.err).toBe('');
  });

  it('goes to a node of a cluster by its rank', async () => {
    const result = await runCli(`ssh ${CLUSTER} --rank 1 -l me`, { answers: [reading(cluster)] });
    expect(result.programs[0]!.at(-1)).toBe('n1.example');
    expect(result.programs[0]).toContain('me');
    const none = await runCli(`ssh ${CLUSTER} --rank 2`, { answers: [reading(cluster)] });
    expect([none.code, none.programs, none.err]).toEqual([
      2,
      [],
      'suan: --rank wants a whole number from 0 to 1, not "2".\n',
    ]);
  });

  it('refuses what does not run, what is not there, and a name of several', async () => {
    const stopped = await runCli(`ssh ${ID}`, { answers: [reading(instance({ state: 'stopped' }))] });
    expect([stopped.code, stopped.err]).toEqual([
      7,
      'suan: trainer is stopped, not running; "suan start trainer" starts what is stopped.\n',
    ]);
    const none = await runCli('ssh ghost', { answers: [listing(), listing()] });
    expect([none.code, none.err]).toEqual([6, 'suan: There is no instance or cluster named "ghost".\n']);
    const twin = instance({ id: 'inst_1123456789abcdefghjkmnpqrs' });
    const two = await runCli('ssh trainer', { answers: [listing(instance(), twin), listing()] });
    expect([two.code, two.err]).toEqual([7, `suan: Several are named "trainer"; give an id: ${ID}, ${twin.id}\n`]);
    expect([...stopped.programs, ...none.programs, ...two.programs]).toEqual([]);
  });

  it('says when there is no ssh here', async () => {
    const result = await runCli(`ssh ${ID}`, { answers: [reading(instance())], programExit: 127 });
    expect([result.code, result.err]).toEqual([2, 'suan: There is no program "ssh" on this machine.\n']);
  });
});

describe('suan ssh-config', () => {
  it('prints a Host block for each machine that runs', async () => {
    const result = await runCli('ssh-config', { answers: [listing(instance()), listing(cluster)] });
    expect(result.out.match(/^Host .+$/gm)).toEqual(['Host trainer', 'Host pretrain-0', 'Host pretrain-1']);
    expect(result.out).toContain(
      `Host trainer\n  HostName ssh.example\n  Port 22001\n  User root\n  HostKeyAlias ${ID}.1795514400\n`,
    );
    const nothing = await runCli('ssh-config', { answers: [listing(), listing()] });
    expect([nothing.out, nothing.err]).toEqual(['', 'Nothing runs that could be reached.\n']);
  });
});

describe('short commands', () => {
  it('act on instances and clusters alike', async () => {
    const done = { status: 200, json: { ...cluster, operation: null } };
    const result = await runCli('stop pretrain --json', { answers: [listing(), listing(cluster), done] });
    expect([result.seen[2]!.method, result.seen[2]!.path]).toEqual(['POST', `/v1/clusters/${CLUSTER}/stop`]);
    const shown = await runCli(`show ${ID} --json`, { answers: [reading(instance())] });
    expect(JSON.parse(shown.out)).toMatchObject({ id: ID });
  });

  it('list both kinds in one table, newest first', async () => {
    const later = { ...cluster, created_at: '2026-11-24T11:00:00.000Z', node_count: 2, gpus_per_node: 8 };
    const result = await runCli('ls', { answers: [listing({ ...instance(), gpus: 2 }), listing(later)] });
    expect(result.seen.map((request) => request.path)).toEqual([
      '/v1/instances?limit=100&live=true',
      '/v1/clusters?limit=100&live=true',
    ]);
    const [, first, second] = result.out.split('\n');
    expect(first).toMatch(/^pretrain +running +- +16 .+ clus_\w+$/);
    expect(second).toMatch(/^trainer +running +- +2 .+ inst_\w+$/);
  });
});
