import type { Me } from '@/api/types';
import { shortId } from '@/lib/format';

/** Who did it, for people: one's own name, the id of a key or another person, or the platform itself. */
export function actorName(actor: string, me: Me, platform: string): string {
  const [kind, id = ''] = actor.split(':');
  if (kind !== 'user' && kind !== 'key') return platform;
  return id === me.id ? me.name : shortId(id);
}
