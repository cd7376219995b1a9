import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Client } from '@suanxiang/contract/client';
import { EXIT, ProgramEnded, UsageError } from '../exit-codes';
import { type Cluster, findWorkload, type Instance } from '../names';
import type { Context } from '../session';

export interface SshOptions {
  /** Node of a cluster, from 0. */
  rank?: string;
  /** Private key file. */
  identity?: string;
  login?: string;
}

/** Where one machine is reached, and the name that its host key is kept under. */
export interface Target {
  /** Name of the Host block. */
  name: string;
  alias: string;
  host: string;
  port: number;
  user: string;
}

const NO_SUCH_PROGRAM = 127;

/** A cluster's machines are called by its name and their rank. */
function targetsOf(workload: Instance | Cluster): Target[] {
  // A machine that is started anew may be another one: the key is kept for one start, and not for the address, which others get.
  const since = Math.floor(Date.parse(workload.running_since ?? workload.created_at) / 1000);
  const alias = `${workload.id}.${since}`;
  if ('ssh' in workload) return workload.ssh ? [{ name: workload.name, alias, ...workload.ssh }] : [];
  return workload.nodes.flatMap((node) =>
    node.ssh ? [{ name: `${workload.name}-${node.rank}`, alias: `${alias}.${node.rank}`, ...node.ssh }] : [],
  );
}

async function readWorkload(client: Client, name: string, { say }: Context): Promise<Instance | Cluster> {
  const { kind, id } = await findWorkload(client, name, say);
  return kind === 'instance'
    ? client.call('getInstance', { params: { instance_id: id } })
    : client.call('getCluster', { params: { cluster_id: id } });
}

/** The machine that is meant. Throws UsageError when it does not run, has no address, or no such rank. */
function oneTarget(workload: Instance | Cluster, { rank }: SshOptions, { say }: Context): Target {
  const { name, state } = workload;
  if (state !== 'running') throw new UsageError(say('notRunning', { name, state }), EXIT.conflict);
  const targets = targetsOf(workload);
  if (targets.length === 0) throw new UsageError(say('noSsh', { name }), EXIT.conflict);
  if ('ssh' in workload) return targets[0]!;
  const wanted = Number(rank ?? 0);
  const target = targets.find((one) => one.name === `${name}-${wanted}`);
  if (!target)
    throw new UsageError(
      say('badNumber', { flag: '--rank', min: 0, max: workload.nodes.length - 1, given: rank ?? '0' }),
    );
  return target;
}

/** Options of ssh for one machine. Its key is taken at the first visit and must be the same at every other. */
export function sshArguments(target: Target, knownHosts: string, options: SshOptions): string[] {
  const { alias, host, port, user } = target;
  return [
    ...['-p', String(port), '-l', options.login ?? user],
    ...(options.identity ? ['-i', options.identity] : []),
    ...['-o', `HostKeyAlias=${alias}`, '-o', 'StrictHostKeyChecking=accept-new'],
    ...['-o', `UserKnownHostsFile="${knownHosts}"`],
    host,
  ];
}

/**
 * `suan ssh NAME [-- command]`: runs the system's ssh on a running instance or node of a cluster and ends with its exit code
 * (ProgramEnded). Throws UsageError when there is no such machine or no ssh.
 */
export async function ssh(context: Context, name: string, command: string[], options: SshOptions): Promise<never> {
  const { io, say, env } = context;
  const client = await context.client('org');
  const target = oneTarget(await readWorkload(client, name, context), options, context);
  await mkdir(dirname(env.knownHostsFile), { recursive: true, mode: 0o700 });
  const code = await io.runProgram('ssh', [...sshArguments(target, env.knownHostsFile, options), ...command]);
  if (code === NO_SUCH_PROGRAM && command.length === 0) throw new UsageError(say('noSshProgram'));
  throw new ProgramEnded(code);
}

function hostBlock(target: Target, knownHosts: string, { identity, login }: SshOptions): string {
  const { name, alias, host, port, user } = target;
  const lines = [
    `HostName ${host}`,
    `Port ${port}`,
    `User ${login ?? user}`,
    ...(identity ? [`IdentityFile "${identity}"`] : []),
    `HostKeyAlias ${alias}`,
    'StrictHostKeyChecking accept-new',
    `UserKnownHostsFile "${knownHosts}"`,
  ];
  return `Host ${name}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** `suan ssh-config [NAME...]`: Host blocks for ~/.ssh/config, of all that runs when none is named. */
export async function sshConfig(context: Context, names: string[], options: SshOptions): Promise<void> {
  const { io, say, env } = context;
  const client = await context.client('org');
  await mkdir(dirname(env.knownHostsFile), { recursive: true, mode: 0o700 });
  const query = { state: 'running', limit: 100 } as const;
  const workloads =
    names.length > 0
      ? await Promise.all(names.map((name) => readWorkload(client, name, context)))
      : [
          ...(await client.call('listInstances', { query })).items,
          ...(await client.call('listClusters', { query })).items,
        ];
  const targets = workloads.filter((workload) => workload.state === 'running').flatMap(targetsOf);
  if (context.options.json) io.out(`${JSON.stringify({ items: targets }, null, 2)}\n`);
  else io.out(targets.map((target) => hostBlock(target, env.knownHostsFile, options)).join('\n'));
  if (targets.length === 0) io.err(`${say('nothingRuns')}\n`);
}
