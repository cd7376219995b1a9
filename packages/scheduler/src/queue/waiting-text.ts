import { modelText } from '../explain/model-text';
import { CONSTRAINT_TEXT, TOPOLOGY_TEXT } from '../explain/refusal-text';
import type { Reason } from '../types';
import type { NearestChange, QueueBinding, QueuedRequest, StartEstimate, WaitingEntry } from './types';

type Words = Omit<Reason, 'code'>;

const BINDINGS: Record<QueueBinding, Words> = {
  deadline_missed: { en: 'Its deadline has passed.', zh: '已超过其截止时间。' },
  not_before: { en: 'It asked not to start yet.', zh: '尚未到其要求的最早启动时间。' },
  reservation_not_begun: { en: 'Its reservation has not begun.', zh: '其预留尚未开始。' },
  quota: { en: 'A quota is full.', zh: '配额已用满。' },
  model_not_offered: {
    en: 'This region has none of this model that can take work.',
    zh: '该地域没有可用的此型号加速卡。',
  },
  claim_pending: { en: 'Capacity is being cleared for it.', zh: '正在为其腾出容量。' },
  capacity: { en: 'Too few accelerators of this model are free.', zh: '该型号空闲加速卡不足。' },
  node_size: {
    en: 'Enough accelerators are free, but not on enough nodes of one zone.',
    zh: '空闲加速卡足够，但未集中在同一可用区的足够节点上。',
  },
  topology: {
    en: 'Enough nodes are free, but not within the topology asked for.',
    zh: '空闲节点足够，但不满足所要求的拓扑。',
  },
  too_large: { en: 'It could not start if nothing ran.', zh: '即使全部空闲也无法满足。' },
  excluded: CONSTRAINT_TEXT.excluded.binds,
  anti_affinity: CONSTRAINT_TEXT.anti_affinity.binds,
  labels: CONSTRAINT_TEXT.labels.binds,
  zones: CONSTRAINT_TEXT.zones.binds,
  resources: CONSTRAINT_TEXT.resources.binds,
  reserved_for_others: {
    en: 'What is free is reserved for others, or for maintenance.',
    zh: '空闲部分已被他人预留或将用于维护。',
  },
  promised_to_others: { en: 'What is free is promised to requests ahead.', zh: '空闲部分已承诺给排在前面的请求。' },
  fair_share: { en: 'Others with a smaller share of the fleet went first.', zh: '占用份额更少的其他用户先行启动。' },
  priority: { en: 'Requests of higher priority went first.', zh: '更高优先级的请求先行启动。' },
  not_examined: {
    en: 'This round had no time for it; the next one begins with it.',
    zh: '本轮未及处理，下一轮优先处理。',
  },
};

/** Why a request waits, its place, when it will start and what would start it now, as two sentences for people. */
export function waitingText(nowS: number, request: QueuedRequest, entry: WaitingEntry): Reason {
  const { nodeCount, gpusPerNode, modelId, regionId } = request.ask;
  const amount = nodeCount === 1 ? `${gpusPerNode}` : `${nodeCount} × ${gpusPerNode}`;
  const model = modelText(modelId);
  const why = BINDINGS[entry.binding];
  const counts = countsText(entry);
  const start = estimateText(nowS, entry.estimate);
  const offers = entry.wouldStart.slice(0, 4).map(changeText);
  const would = (language: 'en' | 'zh', lead: string, glue: string, end: string) =>
    offers.length === 0 ? '' : `${lead}${offers.map((one) => one[language]).join(glue)}${end}`;
  return {
    code: `waiting.${entry.binding}`,
    en: `Waits for ${amount} × ${model.en} in ${regionId}, place ${entry.place}. ${why.en}${counts.en}${start.en}${would('en', ' Would start now: ', '; ', '.')}`,
    zh: `等待 ${regionId} 的 ${amount} × ${model.zh}，排在第 ${entry.place} 位。${why.zh}${counts.zh}${start.zh}${would('zh', '现在即可启动：', '；', '。')}`,
  };
}

function countsText({ facts, quotaNodeId }: WaitingEntry): Words {
  if (quotaNodeId !== null) return { en: ` It is that of ${quotaNodeId}.`, zh: `（${quotaNodeId}）` };
  if (!facts) return { en: '', zh: '' };
  return {
    en: ` Open to it: ${facts.free} of ${facts.total}, at most ${facts.largestFree} on one node.`,
    zh: `可供其使用：共 ${facts.total} 张中的 ${facts.free} 张，单节点最多 ${facts.largestFree} 张。`,
  };
}

function estimateText(nowS: number, estimate: StartEstimate | null): Words {
  if (!estimate) return { en: '', zh: '' };
  const [from, likely, to] = [estimate.fromS, estimate.likelyS, estimate.toS].map((atS) => lengthText(atS - nowS));
  if (estimate.basis === 'beyond') return { en: ' No start is in sight.', zh: '暂无法预计启动时间。' };
  return {
    en: ` Expected to start in ${likely!.en} (between ${from!.en} and ${to!.en}).`,
    zh: `预计 ${likely!.zh}后启动（${from!.zh}至 ${to!.zh}之间）。`,
  };
}

/** A span of time in the two largest useful units. */
export function lengthText(seconds: number): Words {
  const minutes = Math.max(0, Math.round(seconds / 60));
  if (minutes < 60) return { en: `${minutes} min`, zh: `${minutes} 分钟` };
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return { en: `${hours} h ${minutes % 60} min`, zh: `${hours} 小时 ${minutes % 60} 分` };
  return { en: `${Math.floor(hours / 24)} d ${hours % 24} h`, zh: `${Math.floor(hours / 24)} 天 ${hours % 24} 小时` };
}

function changeText(one: NearestChange): Words {
  switch (one.change) {
    case 'size':
      return one.nodeCount === 1
        ? { en: `${one.gpusPerNode} on one node`, zh: `单节点 ${one.gpusPerNode} 张` }
        : { en: `${one.nodeCount} × ${one.gpusPerNode}`, zh: `${one.nodeCount} × ${one.gpusPerNode}` };
    case 'topology':
      return TOPOLOGY_TEXT[one.topology];
    case 'without':
      return CONSTRAINT_TEXT[one.constraint].lifted;
    case 'region':
      return { en: `region ${one.regionId}`, zh: `地域 ${one.regionId}` };
    case 'model':
      return modelText(one.modelId);
    case 'preemptible':
      return { en: 'preemptible', zh: '可抢占' };
    case 'limit': {
      const length = lengthText(one.limitDurationS);
      return { en: `with a limit of ${length.en}`, zh: `限时 ${length.zh}` };
    }
  }
}
