import type { Binding, CapacityFacts, Constraint, PlacementRequest, Reason, Topology, WouldFit } from '../types';
import { welcomeModels } from './capacity-facts';
import { modelText } from './model-text';

type Text = Omit<Reason, 'code'>;

function asked(request: PlacementRequest): Text {
  const { nodeCount, gpusPerNode, regionId, milli } = request;
  const models = welcomeModels(request).map(modelText);
  const each = milli === undefined ? `${gpusPerNode}` : `${milli}/1000`;
  const amount = nodeCount === 1 ? each : `${nodeCount} × ${each}`;
  return {
    en: `${amount} × ${models.map((one) => one.en).join(' or ')} in ${regionId}`,
    zh: `${regionId} 的 ${amount} × ${models.map((one) => one.zh).join(' 或 ')}`,
  };
}

/** Names of topologies, as the end of "would fit". */
export const TOPOLOGY_TEXT: Record<Topology, Text> = {
  any: { en: 'any placement', zh: '不限拓扑' },
  same_spine: { en: 'under one spine', zh: '同一主干' },
  same_leaf: { en: 'under one leaf switch', zh: '同一叶交换机' },
  same_rack: { en: 'in one rack', zh: '同一机架' },
  same_island: { en: 'within one interconnect island', zh: '同一互联域' },
  spread: { en: 'spread out', zh: '分散放置' },
};

/** A condition that stands in the way, and the request without it. */
export const CONSTRAINT_TEXT: Record<Constraint, { binds: Text; lifted: Text }> = {
  excluded: {
    binds: { en: 'The only nodes with room have just refused it.', zh: '仅有的可容纳节点刚刚拒绝了该请求。' },
    lifted: { en: 'the nodes that refused it', zh: '曾拒绝该请求的节点' },
  },
  anti_affinity: {
    binds: {
      en: 'The only nodes with room are too close to its own kind.',
      zh: '仅有的可容纳节点与同类工作负载过近。',
    },
    lifted: { en: 'without the demand to stay apart', zh: '不要求相互远离' },
  },
  labels: {
    binds: {
      en: 'The only nodes with room lack the labels asked for or are tainted.',
      zh: '仅有的可容纳节点不符合标签要求或带有污点。',
    },
    lifted: { en: 'on nodes with other labels or taints', zh: '放宽标签与污点要求' },
  },
  zones: {
    binds: { en: 'The only nodes with room are in other zones.', zh: '仅有的可容纳节点位于其他可用区。' },
    lifted: { en: 'in any zone', zh: '不限可用区' },
  },
  resources: {
    binds: {
      en: 'Accelerators are free, but not with so much vCPU, memory, disk or network beside them.',
      zh: '有空闲加速卡，但所在节点的 vCPU、内存、磁盘或网络不足。',
    },
    lifted: { en: 'with less vCPU, memory, disk or network', zh: '减少 vCPU、内存、磁盘或网络' },
  },
};

function obstacle(binding: Binding, request: PlacementRequest, facts: CapacityFacts): Text {
  switch (binding) {
    case 'model_not_offered':
      return { en: 'This region has none of this model that can take work.', zh: '该地域没有可用的此型号加速卡。' };
    case 'too_large':
      return tooLarge(request, facts);
    case 'capacity':
      return {
        en: `${facts.free} of ${facts.total} are free.`,
        zh: `共 ${facts.total} 张，空闲 ${facts.free} 张。`,
      };
    case 'node_size':
      return nodeSize(request, facts);
    case 'topology':
      return topology(request, facts);
    default:
      return CONSTRAINT_TEXT[binding].binds;
  }
}

function tooLarge({ gpusPerNode, topology }: PlacementRequest, { ever }: CapacityFacts): Text {
  if (ever.gpusPerNode < gpusPerNode) {
    return {
      en: `It can never fit: the largest node has ${ever.gpusPerNode}.`,
      zh: `无法满足：最大的节点只有 ${ever.gpusPerNode} 张。`,
    };
  }
  const where = topology === 'any' ? { en: 'in one zone', zh: '同一可用区' } : TOPOLOGY_TEXT[topology];
  return {
    en: `It can never fit ${where.en}: at most ${ever.nodeCount} such node(s) are there, even with nothing running.`,
    zh: `无法满足：即使全部空闲，${where.zh}最多也只有 ${ever.nodeCount} 个符合的节点。`,
  };
}

function nodeSize(request: PlacementRequest, { free, total, largestFree, fittingNodes }: CapacityFacts): Text {
  return request.nodeCount === 1
    ? {
        en: `${free} of ${total} are free, at most ${largestFree} on one node.`,
        zh: `共 ${total} 张，空闲 ${free} 张，单节点最多 ${largestFree} 张。`,
      }
    : {
        en: `${free} of ${total} are free, yet only ${fittingNodes.zone} node(s) of one zone have ${request.gpusPerNode} free.`,
        zh: `共 ${total} 张，空闲 ${free} 张，但同一可用区内仅 ${fittingNodes.zone} 个节点空闲 ${request.gpusPerNode} 张。`,
      };
}

function topology(request: PlacementRequest, { fittingNodes }: CapacityFacts): Text {
  switch (request.topology) {
    case 'same_island':
      return {
        en: `Enough are free, but not ${request.gpusPerNode} within one interconnect island.`,
        zh: `空闲数量足够，但同一互联域内没有 ${request.gpusPerNode} 张。`,
      };
    case 'same_rack':
      return {
        en: `Enough nodes are free, but at most ${fittingNodes.rack} in one rack.`,
        zh: `空闲节点足够，但同一机架内最多 ${fittingNodes.rack} 个。`,
      };
    case 'spread':
      return {
        en: 'Enough nodes are free, but too many of them share a domain to be spread as asked.',
        zh: '空闲节点足够，但过于集中，无法按要求分散。',
      };
    default:
      return {
        en: `Enough nodes are free, but at most ${fittingNodes.leaf} under one leaf switch and ${fittingNodes.spine} under one spine.`,
        zh: `空闲节点足够，但同一叶交换机下最多 ${fittingNodes.leaf} 个，同一主干下最多 ${fittingNodes.spine} 个。`,
      };
  }
}

function change(one: WouldFit): Text {
  switch (one.change) {
    case 'size':
      return one.nodeCount === 1
        ? { en: `${one.gpusPerNode} on one node`, zh: `单节点 ${one.gpusPerNode} 张` }
        : { en: `${one.nodeCount} nodes`, zh: `${one.nodeCount} 个节点` };
    case 'topology':
      return TOPOLOGY_TEXT[one.topology];
    case 'without':
      return CONSTRAINT_TEXT[one.constraint].lifted;
    case 'region':
      return { en: `region ${one.regionId}`, zh: `地域 ${one.regionId}` };
    case 'model':
      return modelText(one.modelId);
  }
}

/** The refusal as a sentence for people. Code is `no_capacity` with the binding behind a dot. */
export function refusalReason(
  request: PlacementRequest,
  binding: Binding,
  facts: CapacityFacts,
  wouldFit: readonly WouldFit[],
): Reason {
  const want = asked(request);
  const why = obstacle(binding, request, facts);
  const advice = wouldFit.slice(0, 4).map(change);
  return {
    code: `no_capacity.${binding}`,
    en: `No capacity for ${want.en}. ${why.en}${advice.length > 0 ? ` Would fit now: ${advice.map((one) => one.en).join('; ')}.` : ''}`,
    zh: `${want.zh}暂无容量。${why.zh}${advice.length > 0 ? `当前可行：${advice.map((one) => one.zh).join('；')}。` : ''}`,
  };
}
