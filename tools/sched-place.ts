import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseFleet, parseRequests } from '@suanxiang/scheduler/fleet-description/parse-fleet';
import { FleetDescriptionError } from '@suanxiang/scheduler/fleet-description/problems';
import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { placeRound } from '@suanxiang/scheduler/place';

const help = `npm run --silent sched:place -- --fleet FILE --requests FILE

Places requests one after the other on a described fleet and prints each answer as a line of JSON: where it goes and why, or
what stands in the way and what would fit. Both files are JSON or JSON lines; "-" reads the requests from standard input.
A faulty file is refused with every fault by line or entry (exit code 2).
  node     {"name", "topology": {"region", "zone", "spine"?, "leaf"?, "rack"?}, "accelerators": {"model", "count", "per_island"?},
           "resources"?: {"vcpus"?, "memory_bytes"?, "disk_bytes"?, "network_mbps"?}, "labels"?, "taints"?, "cordoned"?}
  request  {"regionId", "modelId", "gpusPerNode", "nodeCount"?, "topology"?, "milli"?, "resources"?, "labelRules"?, ...}
`;

function read<T>(file: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if (!(error instanceof FleetDescriptionError)) throw error;
    process.stderr.write(`${file}\n${error.message}\n`);
    process.exit(2);
  }
}

function main(): void {
  const { values } = parseArgs({
    options: { fleet: { type: 'string' }, requests: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help || !values.fleet || !values.requests) {
    process.stdout.write(help);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const state = new FleetState(read(values.fleet, parseFleet));
  for (const answer of placeRound(state, read(values.requests, parseRequests))) {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

main();
