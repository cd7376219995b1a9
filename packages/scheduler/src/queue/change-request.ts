import { without } from '../explain/constraints';
import type { FleetView } from '../state/fleet-view';
import type { PlacementRequest } from '../types';
import type { NearestChange, QueuedRequest } from './types';

/** The request with a change that was offered for it: asked like this, it would have started in the round that offered it. */
export function changed(fleet: FleetView, request: QueuedRequest, change: NearestChange): QueuedRequest {
  if (change.change === 'preemptible') return { ...request, preemptible: true };
  if (change.change === 'limit') return { ...request, limitDurationS: change.limitDurationS };
  return { ...request, ask: changedAsk(fleet, request.ask, change) };
}

type AskChange = Exclude<NearestChange, { change: 'preemptible' | 'limit' }>;

function changedAsk(fleet: FleetView, ask: PlacementRequest, change: AskChange): PlacementRequest {
  switch (change.change) {
    case 'size': {
      const { minNodeCount: _, ...rest } = ask;
      return { ...rest, nodeCount: change.nodeCount, gpusPerNode: change.gpusPerNode };
    }
    case 'topology':
      return { ...ask, topology: change.topology };
    case 'region':
      return { ...ask, regionId: change.regionId, excludedNodeIds: [] };
    case 'model':
      return { ...ask, modelId: change.modelId };
    case 'without':
      return without(fleet, ask, change.constraint);
  }
}
