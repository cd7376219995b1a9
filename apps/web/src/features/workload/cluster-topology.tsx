'use client';
import { useTranslations } from 'next-intl';
import type { Cluster } from '@/api/types';
import { placeName } from '@/lib/place-name';
import { useFormat } from '@/lib/use-format';
import type { LiveSeries } from './live-series';

type Node = Cluster['nodes'][number];

const NODE_W = 64;
const NODE_H = 44;
const GAP = 12;
const LEAF_GAP = 28;
const LEVEL_Y = { spine: 16, leaf: 76, node: 128 };

interface Placed {
  node: Node;
  x: number;
}

interface Leaf {
  key: string;
  name: string;
  spine: string;
  x: number;
  nodes: Placed[];
}

/** Lays nodes out from left to right by spine, leaf and rank; a leaf stands above the middle of its nodes. */
export function layoutTopology(nodes: readonly Node[]): {
  leaves: Leaf[];
  spines: { name: string; x: number }[];
  width: number;
} {
  const groups = new Map<string, Node[]>();
  const sorted = [...nodes].sort(
    (a, b) => `${a.spine}/${a.leaf}`.localeCompare(`${b.spine}/${b.leaf}`) || a.rank - b.rank,
  );
  for (const node of sorted) {
    const key = `${node.spine}/${node.leaf}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  let x = 0;
  const leaves = [...groups].map(([key, members]) => {
    const placed = members.map((node, index) => ({ node, x: x + index * (NODE_W + GAP) }));
    const width = members.length * (NODE_W + GAP) - GAP;
    const leaf = { key, name: members[0]!.leaf, spine: members[0]!.spine, x: x + width / 2, nodes: placed };
    x += width + LEAF_GAP;
    return leaf;
  });
  const spines = [...new Set(leaves.map(({ spine }) => spine))].map((name) => {
    const own = leaves.filter(({ spine }) => spine === name);
    return { name, x: (own[0]!.x + own.at(-1)!.x) / 2 };
  });
  return { leaves, spines, width: Math.max(x - LEAF_GAP, 160) };
}

interface ClusterTopologyProps {
  nodes: readonly Node[];
  live: LiveSeries;
  zoneId: string | null;
}

/** Spines, leaves and nodes as a tree; each node is filled by its present utilization. */
export function ClusterTopology({ nodes, live, zoneId }: ClusterTopologyProps) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { leaves, spines, width } = layoutTopology(nodes);
  const nowOf = (rank: number) => {
    const samples = live.nodes.find((node) => node.rank === rank)?.samples;
    for (let second = live.toS; second > live.toS - 8; second -= 1) {
      const ppm = samples?.get(second)?.utilizationPpm;
      if (ppm !== null && ppm !== undefined) return ppm;
    }
    return null;
  };
  const text = leaves
    .map((leaf) => `${leaf.spine} / ${leaf.name}: ${leaf.nodes.map(({ node }) => node.node).join(', ')}`)
    .join('; ');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('placement')}>
      <svg
        width={width + 2}
        height={LEVEL_Y.node + NODE_H + 2}
        viewBox={`-1 0 ${width + 2} ${LEVEL_Y.node + NODE_H + 2}`}
        role="img"
        aria-label={`${t('placement')}: ${text}`}
        className="mx-auto block max-w-none text-xs"
      >
        <g fill="none" stroke="var(--line-strong)">
          {leaves.map((leaf) => {
            const spine = spines.find(({ name }) => name === leaf.spine);
            return (
              <g key={leaf.key}>
                <path d={link(spine?.x ?? leaf.x, LEVEL_Y.spine + 12, leaf.x, LEVEL_Y.leaf - 12)} />
                {leaf.nodes.map(({ node, x }) => (
                  <path key={node.allocation_id} d={link(leaf.x, LEVEL_Y.leaf + 12, x + NODE_W / 2, LEVEL_Y.node)} />
                ))}
              </g>
            );
          })}
        </g>
        {spines.map(({ name, x }) => (
          <Pill key={name} x={x} y={LEVEL_Y.spine} text={placeName(name, zoneId)} />
        ))}
        {leaves.map((leaf) => (
          <Pill key={leaf.key} x={leaf.x} y={LEVEL_Y.leaf} text={placeName(leaf.name, zoneId)} />
        ))}
        {leaves.flatMap((leaf) =>
          leaf.nodes.map(({ node, x }) => {
            const ppm = nowOf(node.rank);
            const share = (ppm ?? 0) / 1_000_000;
            return (
              <g key={node.allocation_id} transform={`translate(${x} ${LEVEL_Y.node})`}>
                <title>{`${node.node} · ${node.rack}`}</title>
                <rect width={NODE_W} height={NODE_H} rx="6" fill="var(--sunken)" stroke="var(--line-strong)" />
                <rect
                  x="1"
                  y={1 + (NODE_H - 2) * (1 - share)}
                  width={NODE_W - 2}
                  height={(NODE_H - 2) * share}
                  rx="5"
                  fill="var(--chart-1)"
                  opacity="0.28"
                />
                <text x={NODE_W / 2} y="18" textAnchor="middle" fill="var(--content)" fontWeight="600">
                  {node.rank}
                </text>
                <text x={NODE_W / 2} y="34" textAnchor="middle" fill="var(--muted)">
                  {ppm === null ? '—' : format.percent(ppm, 0)}
                </text>
              </g>
            );
          }),
        )}
      </svg>
    </section>
  );
}

function link(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}

function Pill({ x, y, text }: { x: number; y: number; text: string }) {
  const width = Math.max(56, text.length * 7 + 16);
  return (
    <g transform={`translate(${x - width / 2} ${y - 12})`}>
      <rect width={width} height="24" rx="12" fill="var(--surface)" stroke="var(--line-strong)" />
      <text x={width / 2} y="16" textAnchor="middle" fill="var(--muted)">
        {text}
      </text>
    </g>
  );
}
