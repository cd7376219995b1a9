import { ACCELERATOR_VENDORS } from './accelerator-vendors';
import { acceleratorModel } from './accelerators';

/** Port of rank 0 at which processes meet: PyTorch's own default. */
export const MASTER_PORT = 29_500;
/** First network interface of every machine that we run. */
const INTERFACE = 'eth0';
/** Folder of a machine in which the files of the rendezvous lie. */
const FOLDER = '/etc/suanxiang';
export const RANK_TABLE_FILE = `${FOLDER}/ranktable.json`;
export const HOST_FILE = `${FOLDER}/hostfile`;

/** One node of a gang. */
export interface GangNode {
  /** 0-based, without gaps. */
  rank: number;
  /** The name by which the others reach it. */
  host: string;
  /** Positions of its accelerators on the node, in the order of local ranks. */
  deviceIndexes: readonly number[];
}

/** Nodes that are to find each other; all have equally many accelerators of one model. */
export interface Gang {
  modelId: string;
  /** By rank. */
  nodes: readonly GangNode[];
}

/** A file on every node. */
export interface GangFile {
  path: string;
  text: string;
}

const vendorOf = (gang: Gang) => ACCELERATOR_VENDORS[acceleratorModel(gang.modelId).vendorClass];
const perNode = (gang: Gang) => gang.nodes[0]?.deviceIndexes.length ?? 0;

/** Processes of all nodes, one for each accelerator. */
export const worldSize = (gang: Gang) => gang.nodes.length * perNode(gang);

/** Where rank 0 listens. A gang of one needs no network. */
export function masterAddress(gang: Gang): string {
  return gang.nodes.length > 1 ? gang.nodes[0]!.host : '127.0.0.1';
}

/**
 * What a launcher on one node has to know, as variables: torchrun's, MPI's host file, and those of the vendor's collective
 * library. RANK and LOCAL_RANK belong to processes: the launcher sets them.
 */
export function gangEnvironment(gang: Gang, rank: number): Record<string, string> {
  const { vendorClass } = acceleratorModel(gang.modelId);
  const { collectiveInterfaceEnv } = vendorOf(gang);
  const several = gang.nodes.length > 1;
  return {
    NNODES: String(gang.nodes.length),
    NODE_RANK: String(rank),
    NPROC_PER_NODE: String(perNode(gang)),
    WORLD_SIZE: String(worldSize(gang)),
    MASTER_ADDR: masterAddress(gang),
    MASTER_PORT: String(MASTER_PORT),
    SUANXIANG_HOSTS: gang.nodes.map((node) => `${node.host}:${node.deviceIndexes.length}`).join(','),
    SUANXIANG_HOSTFILE: HOST_FILE,
    ...(several ? { GLOO_SOCKET_IFNAME: INTERFACE } : {}),
    ...(several && collectiveInterfaceEnv !== null ? { [collectiveInterfaceEnv]: INTERFACE } : {}),
    ...(vendorClass === 'ascend' ? { RANK_TABLE_FILE } : {}),
  };
}

/**
 * HCCL's rank table, template version 1.0. Addresses of the accelerators' own network ports are not known to us; within one
 * server they may be left out, across servers `hccn_tool -i N -ip -g` tells them on each node.
 */
function rankTable(gang: Gang): string {
  const size = perNode(gang);
  const server_list = gang.nodes.map((node) => ({
    server_id: node.host,
    device: node.deviceIndexes.map((index, local) => ({
      device_id: String(index),
      rank_id: String(node.rank * size + local),
    })),
  }));
  const table = { status: 'completed', version: '1.0', server_count: String(gang.nodes.length), server_list };
  return `${JSON.stringify(table)}\n`;
}

/** Files that every node is given: Open MPI's host file (MPICH's differs), and on Ascend the rank table. */
export function gangFiles(gang: Gang): GangFile[] {
  const hosts = (line: (host: string, slots: number) => string) =>
    gang.nodes.map((node) => `${line(node.host, node.deviceIndexes.length)}\n`).join('');
  return [
    { path: HOST_FILE, text: hosts((host, slots) => `${host} slots=${slots}`) },
    { path: `${FOLDER}/machinefile`, text: hosts((host, slots) => `${host}:${slots}`) },
    ...(acceleratorModel(gang.modelId).vendorClass === 'ascend'
      ? [{ path: RANK_TABLE_FILE, text: rankTable(gang) }]
      : []),
  ];
}

/** Commands that start `train.py` on all nodes, by launcher. */
export function launchCommands(gang: Gang): { torchrun: string; mpirun: string; ssh: string } {
  const exported = Object.keys(gangEnvironment(gang, 0)).filter((name) => name.endsWith('_SOCKET_IFNAME'));
  const passed = ['MASTER_ADDR', 'MASTER_PORT', ...exported].map((name) => ` -x ${name}`).join('');
  const torchrun =
    'torchrun --nnodes=$NNODES --node_rank=$NODE_RANK --nproc_per_node=$NPROC_PER_NODE --master_addr=$MASTER_ADDR --master_port=$MASTER_PORT train.py';
  return {
    torchrun,
    mpirun: `mpirun -np ${worldSize(gang)} --hostfile ${HOST_FILE}${passed} python train.py`,
    ssh: `for node in $(cut -d' ' -f1 ${HOST_FILE}); do ssh $node '. ${FOLDER}/environment; ${torchrun}' & done; wait`,
  };
}
