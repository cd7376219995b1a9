import type { Me } from '@/api/types';
import { shortId } from '@/lib/format';

/** Who did it, for people: one's own name, the id of a key or another person, or the platform itself. */
export function actorName(actor: string, me: Me, platform: string): string {
  const cut = actor.indexOf(':');
  if (cut < 0) return platform;
  const id = actor.slice(cut + 1);
  return id === me.id ? me.name : shortId(id);
}
