import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Allocation } from '../state/model';

const GIB = 1024 ** 3;
const MEMORY_OF_SHARE = 2 * GIB;
const PIDS_OF_SHARE = 512;
const PERIOD_US = 100_000;
const LOG_BYTES = 10 * 1024 ** 2;

/** In every container, network and nothing else of the host's. */
export const LABEL = 'suanxiang.agent';

export const containerName = (id: string) => `sx-${id}`;
export const networkName = (id: string) => `sxn-${id}`;

/** First program of an instance: the tenant's keys, her start-up script, then the SSH server that the image has. */
const INIT = `#!/bin/sh
mkdir -p "$HOME/.ssh"
cp /etc/suanxiang/authorized_keys "$HOME/.ssh/authorized_keys"
chmod 700 "$HOME" "$HOME/.ssh"
chmod 600 "$HOME/.ssh/authorized_keys"
echo '. /etc/suanxiang/environment' >> /etc/profile
. /etc/suanxiang/environment
[ -s /etc/suanxiang/startup ] && (cd /workspace && sh /etc/suanxiang/startup) &
if [ -x /usr/sbin/dropbear ]; then mkdir -p /etc/dropbear; exec /usr/sbin/dropbear -F -E -R -s; fi
if [ -x /usr/sbin/sshd ]; then mkdir -p /run/sshd; ssh-keygen -A; exec /usr/sbin/sshd -D -e -o PasswordAuthentication=no; fi
echo 'this image has no SSH server'
exit 127
`;

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const folderOf = (root: string, id: string) => path.join(root, id);

/** Writes what the instance is given to read, and its volume. */
export function writeInstanceFiles(root: string, { id, spec }: Allocation): void {
  const folder = folderOf(root, id);
  const given = path.join(folder, 'given');
  mkdirSync(given, { recursive: true, mode: 0o700 });
  mkdirSync(path.join(folder, 'volume'), { recursive: true, mode: 0o755 });
  const exports = Object.entries(spec.environment)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  const files = {
    init: INIT,
    authorized_keys: spec.sshPublicKeys.map((key) => `${key.trim()}\n`).join(''),
    startup: spec.startupScript ?? '',
    environment: exports.join(''),
    ...Object.fromEntries((spec.files ?? []).map((file) => [path.basename(file.path), file.text])),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(given, name), text, { mode: 0o600 });
    chmodSync(path.join(given, name), 0o600);
  }
}

/** Removes an instance's volume and what it was given. */
export function removeInstanceFiles(root: string, id: string): void {
  rmSync(folderOf(root, id), { recursive: true, force: true });
}

/** Body of libpod's container create. CPU shares are processors and memory; accelerators come as Linux devices. */
export function containerSpec(
  root: string,
  allocation: Allocation,
  place: { image: string; host: string; environment: Record<string, string>; devices: readonly string[] },
): object {
  const { id, spec, port } = allocation;
  const shares = spec.deviceIds.length;
  const memory = shares * MEMORY_OF_SHARE;
  const bind = (source: string, destination: string, mode: string) => ({
    type: 'bind',
    source: path.join(folderOf(root, id), source),
    destination,
    options: [mode, 'rprivate'],
  });
  return {
    name: containerName(id),
    image: place.image,
    hostname: spec.name.replace(/[^a-zA-Z0-9-]+/g, '-').slice(0, 60) || 'instance',
    entrypoint: [],
    command: ['/bin/sh', '/etc/suanxiang/init'],
    init: true,
    env: place.environment,
    labels: { [LABEL]: '1', 'suanxiang.allocation': id },
    devices: place.devices.map((node) => ({ path: node })),
    netns: { nsmode: 'bridge' },
    Networks: { [networkName(id)]: {} },
    portmappings: [{ host_ip: place.host, host_port: port, container_port: 22 }],
    resource_limits: {
      cpu: { quota: shares * PERIOD_US, period: PERIOD_US },
      memory: { limit: memory, swap: memory },
      pids: { limit: shares * PIDS_OF_SHARE },
    },
    no_new_privileges: true,
    log_configuration: { driver: 'k8s-file', size: LOG_BYTES },
    mounts: [bind('given', '/etc/suanxiang', 'ro'), bind('volume', '/workspace', 'rw')],
    stop_timeout: 5,
  };
}
