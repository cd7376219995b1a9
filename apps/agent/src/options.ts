import path from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '@suanxiang/platform/config-error';

export const usage = `node agent.js --dir FOLDER [options]

Runs one host for a control plane: instances as containers, their seconds as evidence (docs/guides/node-agent.md).

  --dir FOLDER       state, keys, containers and volumes of this agent
  --token TOKEN      one-time token; needed once, to enrol
  --api URL          address of the control plane, for the enrolment
  --url URL          address under which the control plane reaches this agent (http://HOST:PORT)
  --host ADDRESS     address to listen on (127.0.0.1)
  --port PORT        port to listen on (4300)
  --address ADDRESS  address to which instances' SSH ports are bound and under which tenants reach them (127.0.0.1)
  --ssh-ports A-B    host ports of instances (22000-22999)
  --shares N         shares of the processors to offer (as many as there are processors with 2 GB each)
  --rootfs FILE      root file system to import as suanxiang/base:1, built by image/build-rootfs.sh
  --remove           end every instance of this agent and remove the folder
  --help
`;

export interface Options {
  folder: string;
  token: string | null;
  apiUrl: string | null;
  ownUrl: string;
  host: string;
  port: number;
  address: string;
  ports: { first: number; last: number };
  shares: number | null;
  rootfs: string | null;
  remove: boolean;
}

const NAMES = ['dir', 'token', 'api', 'url', 'host', 'port', 'address', 'ssh-ports', 'shares', 'rootfs'] as const;

function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

/** Settings of this process; null when only help was asked for. Throws ConfigError with one sentence. */
export function readOptions(args: readonly string[]): Options | null {
  let values: Record<string, string | boolean | undefined>;
  try {
    const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
    ({ values } = parseArgs({
      args: [...args],
      options: { ...options, remove: { type: 'boolean' }, help: { type: 'boolean' } },
    }));
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  if (values.help) return null;
  const text = (name: (typeof NAMES)[number]) => (typeof values[name] === 'string' ? (values[name] as string) : null);
  const folder = text('dir');
  if (!folder) throw new ConfigError('--dir is missing.');
  const port = wholeNumber(text('port') ?? '4300', 'port', 0, 65_535);
  const range = /^(\d+)-(\d+)$/.exec(text('ssh-ports') ?? '22000-22999');
  if (!range) throw new ConfigError('--ssh-ports must look like 22000-22999.');
  const first = wholeNumber(range[1]!, 'ssh-ports', 1, 65_535);
  const last = wholeNumber(range[2]!, 'ssh-ports', first, 65_535);
  const shares = text('shares');
  const rootfs = text('rootfs');
  const host = text('host') ?? '127.0.0.1';
  return {
    folder: path.resolve(folder),
    token: text('token'),
    apiUrl: text('api')?.replace(/\/+$/, '') ?? null,
    ownUrl: text('url')?.replace(/\/+$/, '') ?? `http://${host}:${port}`,
    host,
    port,
    address: text('address') ?? '127.0.0.1',
    ports: { first, last },
    shares: shares === null ? null : wholeNumber(shares, 'shares', 1, 1_024),
    rootfs: rootfs === null ? null : path.resolve(rootfs),
    remove: values.remove === true,
  };
}
