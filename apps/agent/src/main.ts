import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { privateKeyOf, publicKeyOf } from '@suanxiang/hal/drivers/agent/signatures';
import { systemClock } from '@suanxiang/platform/clock';
import { ConfigError } from '@suanxiang/platform/config-error';
import { createLogger } from '@suanxiang/platform/logger';
import { configExitCode } from '@suanxiang/platform/run-process';
import { installShutdown } from '@suanxiang/platform/shutdown';
import { Agent } from './agent';
import { createServer } from './http/server';
import { enrol, type Identity, readIdentity, writeIdentity } from './identity';
import { deviceReader, findTool, offeredDevices } from './inventory/accelerators';
import { describeHost } from './inventory/host';
import { type Options, readOptions, usage } from './options';
import { openPodman, type PodmanService } from './podman/service';
import { unmountBelow } from './podman/unmount';
import { Book } from './state/book';

const BASE_IMAGE = 'localhost/suanxiang/base:1';
const TIMING = { bootLimitMs: 60_000, stopGraceS: 5, retryMs: 1_000 };

async function identify({ folder, token, apiUrl, ownUrl }: Options): Promise<Identity> {
  const present = readIdentity(folder);
  if (present) return present;
  if (!token || !apiUrl) throw new ConfigError('This agent is not enrolled yet: give --token and --api.');
  const identity = await enrol(apiUrl, token, ownUrl);
  writeIdentity(folder, identity);
  return identity;
}

/** Makes the built-in image known, once. */
async function importBaseImage({ podman, run }: PodmanService, rootfs: string | null): Promise<void> {
  if (!rootfs || (await podman.hasImage(BASE_IMAGE))) return;
  await run(['import', rootfs, BASE_IMAGE]);
}

/** Ends every instance and forgets everything; the control plane then sees this agent's instances as lost. */
async function removeAgent(folder: string): Promise<void> {
  const service = await openPodman(path.join(folder, 'podman'));
  await service.run(['rm', '--all', '--force', '--time=0']);
  await service.run(['network', 'prune', '--force']);
  await service.close();
  unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true });
}

async function start(options: Options): Promise<void> {
  const logger = createLogger({ name: 'agent', level: 'info' });
  const shutdown = installShutdown({ logger });
  // A launcher keeps a channel to each process it starts: when the launcher is killed, the process ends by itself.
  if (process.connected) process.once('disconnect', () => void shutdown.stop('launcher is gone'));
  const identity = await identify(options);
  const service = await openPodman(path.join(options.folder, 'podman'));
  shutdown.onClose('podman', () => service.close());
  await importBaseImage(service, options.rootfs);
  const book = await Book.open(path.join(options.folder, 'state'), (error) => {
    // What is on disk is right and this process no longer is.
    logger.fatal({ err: error }, 'state cannot be kept');
    process.exit(1);
  });
  const found = findTool();
  const host = describeHost({
    region: identity.region,
    zone: identity.zone,
    folder: options.folder,
    shares: options.shares,
    accelerators: (nodeId) => (found ? offeredDevices(nodeId, found.tool, found.readings) : []),
    runtimeVersion: execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(),
  });
  const agent = new Agent({
    book,
    podman: service.podman,
    host,
    address: options.address,
    ports: options.ports,
    instancesFolder: path.join(options.folder, 'instances'),
    clock: systemClock,
    logger,
    timing: TIMING,
    readDevices: deviceReader(found?.tool ?? null),
  });
  await agent.open();
  shutdown.onClose('agent', () => agent.close());
  const server = createServer({
    agent,
    agentId: identity.agentId,
    privateKey: privateKeyOf(Buffer.from(identity.privateKey, 'base64')),
    controlKey: publicKeyOf(Buffer.from(identity.controlKey, 'base64')),
    clock: systemClock,
    logger,
  });
  shutdown.onClose('http', () => server.close());
  const address = await server.listen({ host: options.host, port: options.port });
  logger.info({ address, node: host.nodeId, devices: host.devices.length }, 'agent is ready');
}

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) process.stdout.write(usage);
  else if (options.remove) await removeAgent(options.folder);
  else await start(options);
} catch (error) {
  process.stderr.write(`agent: ${error instanceof Error ? error.message : error}\n`);
  process.exit(error instanceof ConfigError ? configExitCode : 1);
}
