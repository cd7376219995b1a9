import { systemClock } from '@suanxiang/platform/clock';
import { runProcess } from '@suanxiang/platform/run-process';
import { Fleet } from './fleet';
import { createServer } from './http/server';
import { readOptions } from './options';
import { buildTopology } from './topology/build';

await runProcess('fleet', async ({ config, logger, shutdown }) => {
  const options = readOptions(process.argv.slice(2), config);
  const topology = buildTopology(options.spec);
  const fleet = await Fleet.open({
    folder: options.folder,
    topology,
    settings: options.settings,
    clock: systemClock,
    onFatal: (error) => {
      // What is on disk is right and this process no longer is: it must not write a snapshot on its way out.
      logger.fatal({ err: error }, 'state cannot be kept');
      process.exit(1);
    },
  });
  shutdown.onClose('fleet', () => fleet.close());
  const server = createServer({ fleet, token: config.secrets.fleetToken, logger });
  shutdown.onClose('http', () => server.close());
  const address = await server.listen({ host: options.host, port: options.port });
  logger.info({ address, nodes: topology.nodes.size, devices: topology.devices.size }, 'fleet is ready');
});
