'use client';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { FleetNode } from '@/api/types';
import { placeName } from '@/lib/place-name';
import { useFormat } from '@/lib/use-format';
import { MonoId } from '@/ui/mono-id';
import { DEVICE_FILL, DEVICE_STATES, type DeviceState, deviceState } from './device-state';

const CELL = 9;
const STEP = 11;

/** Every device of a zone as a small square: nodes in columns of eight, grouped by rack. Pointing at one says what it is. */
export function HeatMap({ nodes }: { nodes: readonly FleetNode[] }) {
  const t = useTranslations('operator');
  const [shown, setShown] = useState<FleetNode | null>(null);
  const racks = useMemo(() => byRack(nodes), [nodes]);
  const counts = useMemo(() => countStates(nodes), [nodes]);
  const format = useFormat();
  const legend = DEVICE_STATES.map((state) => `${t(`devices.${state}`)}: ${format.count(counts[state])}`);
  return (
    <div>
      <ul className="mb-4 flex flex-wrap gap-x-5 gap-y-1.5 text-xs">
        {DEVICE_STATES.map((state) => (
          <li key={state} className="tnum flex items-center gap-1.5">
            <span className="size-2.5 rounded-xs" style={{ background: DEVICE_FILL[state] }} aria-hidden="true" />
            <span className="text-muted">{t(`devices.${state}`)}</span> {format.count(counts[state])}
          </li>
        ))}
      </ul>
      <div role="img" aria-label={`${t('mapText')} ${legend.join(', ')}`} className="flex flex-wrap gap-x-3 gap-y-3">
        {racks.map(({ rack, members }) => (
          <div key={members[0]?.id ?? rack} className="min-w-0" onPointerLeave={() => setShown(null)}>
            <p className="mb-1 text-2xs text-subtle">{rack}</p>
            <svg width={members.length * STEP} height={8 * STEP} aria-hidden="true">
              {members.map((node, column) => (
                <g key={node.id} transform={`translate(${column * STEP} 0)`} onPointerEnter={() => setShown(node)}>
                  <rect width={STEP} height={8 * STEP} fill={shown?.id === node.id ? 'var(--hover)' : 'transparent'} />
                  {node.devices.map((device) => (
                    <rect
                      key={device.id}
                      x="1"
                      y={device.index * STEP + 1}
                      width={CELL}
                      height={CELL}
                      rx="2"
                      fill={DEVICE_FILL[deviceState(node, device)]}
                    />
                  ))}
                </g>
              ))}
            </svg>
          </div>
        ))}
      </div>
      <div className="mt-4 min-h-10 border-line border-t pt-3 text-sm">
        {shown ? <NodeLine node={shown} /> : <p className="text-subtle text-xs">{t('point')}</p>}
      </div>
    </div>
  );
}

function NodeLine({ node }: { node: FleetNode }) {
  const t = useTranslations('operator');
  const faults = node.devices.filter(({ health }) => health !== 'ok');
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
      <span className="font-medium">{node.name}</span>
      <span className="text-muted">
        {[node.spine, node.leaf, node.rack].map((name) => placeName(name, node.zone_id)).join(' · ')}
      </span>
      <span className="text-muted">{node.devices[0]?.model_id}</span>
      <span className={node.health === 'ok' ? 'text-success' : 'text-danger'}>{node.health}</span>
      {(!node.schedulable || node.cordoned_at !== null) && <span className="text-warning">{t('devices.closed')}</span>}
      {faults.map((device) => (
        <span key={device.id} className="text-danger">
          #{device.index} {device.vendor_code ?? device.health}
        </span>
      ))}
      <MonoId id={node.id} />
    </p>
  );
}

interface Rack {
  rack: string;
  members: FleetNode[];
}

function byRack(nodes: readonly FleetNode[]): Rack[] {
  const racks = new Map<string, Rack>();
  for (const node of nodes) {
    const key = `${node.spine}/${node.leaf}/${node.rack}`;
    const rack = racks.get(key) ?? { rack: placeName(node.rack, node.zone_id), members: [] };
    rack.members.push(node);
    racks.set(key, rack);
  }
  return [...racks.values()];
}

function countStates(nodes: readonly FleetNode[]): Record<DeviceState, number> {
  const counts: Record<DeviceState, number> = { free: 0, held: 0, cleaning: 0, closed: 0, failed: 0, lost: 0 };
  for (const node of nodes) for (const device of node.devices) counts[deviceState(node, device)] += 1;
  return counts;
}
