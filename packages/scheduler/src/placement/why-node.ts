import { bestFit, type PlacementPolicy } from '../policy';
import type { FleetView } from '../state/fleet-view';
import type { PlacementRequest, Reason } from '../types';
import type { Place } from './find-by-class';

type Text = Omit<Reason, 'code'>;

/** Why this node: what it is best at, after what no better node could give. */
export function whyNode(
  state: FleetView,
  request: PlacementRequest,
  { entry, pick }: Place,
  policy: PlacementPolicy,
): Reason {
  const { name } = state.nodeOf(entry);
  if (policy !== bestFit) {
    return {
      code: 'policy',
      en: `Node ${name} is the best by the policy ${policy.name}.`,
      zh: `按策略 ${policy.name}，节点 ${name} 最优。`,
    };
  }
  const limits: Text[] = [];
  if (state.classOf(entry).suspicion > 0) {
    limits.push({ en: 'No node without recent trouble has room. ', zh: '没有近期无故障且有空间的节点。' });
  }
  if (pick.usesDegraded) {
    limits.push({
      en: 'No such node has enough accelerators without a fault. ',
      zh: '此类节点均无足够的无故障加速卡。',
    });
  }
  if (!pick.oneIsland && request.gpusPerNode > 1) {
    limits.push({ en: 'No such node has so many in one island. ', zh: '此类节点均无法在同一互联域内提供所需数量。' });
  }
  const fit = pick.slice ? sliceText(name, pick.slice.left) : wholeText(name, pick.leftOnNode);
  return {
    code: pick.slice ? 'tight_slice' : pick.leftOnNode === 0 ? 'exact_fit' : 'best_fit',
    en: limits.map((one) => one.en).join('') + fit.en,
    zh: limits.map((one) => one.zh).join('') + fit.zh,
  };
}

function wholeText(name: string, left: number): Text {
  return left === 0
    ? {
        en: `Node ${name} is filled exactly, which keeps larger holes free.`,
        zh: `节点 ${name} 恰好被填满，可保留更大的空闲块。`,
      }
    : {
        en: `Node ${name} has the fewest accelerators left over (${left}) of all that can take it.`,
        zh: `节点 ${name} 放置后剩余加速卡最少（${left} 张）。`,
      };
}

function sliceText(name: string, leftMilli: number): Text {
  const percent = leftMilli / 10;
  return {
    en: `The accelerator on node ${name} keeps ${percent} % free, the least of all that can take the slice.`,
    zh: `节点 ${name} 的加速卡放置后空闲 ${percent}%，在可容纳该切片的卡中最少。`,
  };
}
