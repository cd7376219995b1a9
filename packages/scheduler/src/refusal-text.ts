import type { Binding, CapacityFacts, PlacementRequest, Reason, WouldFit } from './types';

function asked(request: PlacementRequest): Omit<Reason, 'code'> {
  const { nodeCount, gpusPerNode, modelId, regionId } = request;
  const amount = nodeCount === 1 ? `${gpusPerNode}` : `${nodeCount} × ${gpusPerNode}`;
  return { en: `${amount} × ${modelId} in ${regionId}`, zh: `${regionId} 的 ${amount} × ${modelId}` };
}

const TOPOLOGY_TEXT = {
  any: { en: 'any placement', zh: '不限拓扑' },
  same_spine: { en: 'under one spine', zh: '同一主干' },
  same_leaf: { en: 'under one leaf switch', zh: '同一叶交换机' },
} as const;

function obstacle(binding: Binding, request: PlacementRequest, facts: CapacityFacts): Omit<Reason, 'code'> {
  const { free, total, largestFree, fittingNodes } = facts;
  switch (binding) {
    case 'model_not_offered':
      return { en: 'This region has none of this model that can take work.', zh: '该地域没有可用的此型号加速卡。' };
    case 'capacity':
      return { en: `${free} of ${total} are free.`, zh: `共 ${total} 张，空闲 ${free} 张。` };
    case 'node_size':
      return request.nodeCount === 1
        ? {
            en: `${free} of ${total} are free, at most ${largestFree} on one node.`,
            zh: `共 ${total} 张，空闲 ${free} 张，单节点最多 ${largestFree} 张。`,
          }
        : {
            en: `${free} of ${total} are free, yet only ${fittingNodes.zone} node(s) of one zone have ${request.gpusPerNode} free.`,
            zh: `共 ${total} 张，空闲 ${free} 张，但同一可用区内仅 ${fittingNodes.zone} 个节点空闲 ${request.gpusPerNode} 张。`,
          };
    case 'topology':
      return {
        en: `Enough nodes are free, but at most ${fittingNodes.leaf} under one leaf switch and ${fittingNodes.spine} under one spine.`,
        zh: `空闲节点足够，但同一叶交换机下最多 ${fittingNodes.leaf} 个，同一主干下最多 ${fittingNodes.spine} 个。`,
      };
    case 'excluded':
      return { en: 'The only nodes with room have just refused it.', zh: '仅有的可容纳节点刚刚拒绝了该请求。' };
  }
}

function change(one: WouldFit): Omit<Reason, 'code'> {
  switch (one.change) {
    case 'size':
      return one.nodeCount === 1
        ? { en: `${one.gpusPerNode} on one node`, zh: `单节点 ${one.gpusPerNode} 张` }
        : { en: `${one.nodeCount} nodes`, zh: `${one.nodeCount} 个节点` };
    case 'topology':
      return TOPOLOGY_TEXT[one.topology];
    case 'region':
      return { en: `region ${one.regionId}`, zh: `地域 ${one.regionId}` };
    case 'model':
      return { en: `model ${one.modelId}`, zh: `型号 ${one.modelId}` };
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
