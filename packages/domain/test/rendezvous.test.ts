import { expect, test } from 'vitest';
import { ACCELERATOR_MODELS } from '../src/accelerators';
import { type Gang, gangEnvironment, gangFiles, launchCommands, worldSize } from '../src/rendezvous';

const gang = (modelId: string, nodes: number, gpus: number): Gang => ({
  modelId,
  nodes: Array.from({ length: nodes }, (_, rank) => ({
    rank,
    host: `node-${rank}`,
    deviceIndexes: Array.from({ length: gpus }, (_, index) => index),
  })),
});
const modelOf = (vendorClass: string) => ACCELERATOR_MODELS.find((one) => one.vendorClass === vendorClass)!.id;

test('every rank knows the same world and its own place in it', () => {
  const of = gang(modelOf('nvidia'), 3, 8);
  expect(worldSize(of)).toBe(24);
  const all = [0, 1, 2].map((rank) => gangEnvironment(of, rank));
  expect(all.map((one) => one.NODE_RANK)).toEqual(['0', '1', '2']);
  for (const one of all) {
    expect(one).toMatchObject({ NNODES: '3', NPROC_PER_NODE: '8', WORLD_SIZE: '24', MASTER_ADDR: 'node-0' });
    expect(one).toMatchObject({ MASTER_PORT: '29500', NCCL_SOCKET_IFNAME: 'eth0', GLOO_SOCKET_IFNAME: 'eth0' });
    // Ranks of processes are the launcher's: libraries that see RANK believe that they were launched already.
    expect(one).not.toHaveProperty('RANK');
  }
});

test.each([
  ['metax', 'MCCL_SOCKET_IFNAME'],
  ['amd', 'NCCL_SOCKET_IFNAME'],
  ['hygon', 'NCCL_SOCKET_IFNAME'],
  ['ascend', 'HCCL_SOCKET_IFNAME'],
  ['mthreads', 'MCCL_SOCKET_IFNAME'],
  ['kunlunxin', 'BKCL_SOCKET_IFNAME'],
])('%s is told its interface by its own variable', (vendorClass, variable) => {
  const environment = gangEnvironment(gang(modelOf(vendorClass), 2, 8), 1);
  const interfaces = Object.keys(environment).filter((name) => name.endsWith('_SOCKET_IFNAME'));
  expect(interfaces.sort()).toEqual(['GLOO_SOCKET_IFNAME', variable].sort());
});

test('one process on one node finds itself without a network', () => {
  const environment = gangEnvironment(gang(modelOf('cpu'), 1, 1), 0);
  expect(environment).toMatchObject({ NODE_RANK: '0', WORLD_SIZE: '1', MASTER_ADDR: '127.0.0.1' });
  expect(Object.keys(environment).some((name) => name.endsWith('_SOCKET_IFNAME'))).toBe(false);
});

test('Ascend has a rank table in which every rank stands once, with the position of its accelerator on the node', () => {
  const of: Gang = {
    modelId: modelOf('ascend'),
    nodes: [
      { rank: 0, host: 'a', deviceIndexes: [4, 5] },
      { rank: 1, host: 'b', deviceIndexes: [0, 1] },
    ],
  };
  const file = gangFiles(of).find(({ path }) => path === gangEnvironment(of, 0).RANK_TABLE_FILE)!;
  expect(JSON.parse(file.text)).toEqual({
    status: 'completed',
    version: '1.0',
    server_count: '2',
    server_list: [
      {
        server_id: 'a',
        device: [
          { device_id: '4', rank_id: '0' },
          { device_id: '5', rank_id: '1' },
        ],
      },
      {
        server_id: 'b',
        device: [
          { device_id: '0', rank_id: '2' },
          { device_id: '1', rank_id: '3' },
        ],
      },
    ],
  });
  expect(gangFiles(gang(modelOf('nvidia'), 2, 8)).map(({ path }) => path)).toEqual([
    '/etc/suanxiang/hostfile',
    '/etc/suanxiang/machinefile',
  ]);
});

test('host files are those of Open MPI and of MPICH, and mpirun starts as many processes as they have slots', () => {
  const of = gang(modelOf('nvidia'), 2, 8);
  expect(gangFiles(of).map(({ text }) => text)).toEqual(['node-0 slots=8\nnode-1 slots=8\n', 'node-0:8\nnode-1:8\n']);
  expect(launchCommands(of).mpirun).toContain('-np 16 --hostfile /etc/suanxiang/hostfile');
});
