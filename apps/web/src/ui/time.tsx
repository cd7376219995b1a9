'use client';
import type { DateStyle } from '@/lib/format';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';

/** A moment in the account's time zone, UTC on hover. */
export function Time({ at, style = 'dateTime' }: { at: string | number; style?: DateStyle }) {
  const format = useFormat();
  const iso = typeof at === 'number' ? new Date(at * 1000).toISOString() : at;
  return (
    <time
      dateTime={iso}
      title={iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}
      className="tnum sm:whitespace-nowrap"
    >
      {format.date(at, style)}
    </time>
  );
}

/** How long ago a moment was; the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const format = useFormat();
  const now = useNow(15_000);
  const exact = format.date(at, 'dateTime');
  return (
    <time dateTime={at} title={`${exact} · ${at}`} className="whitespace-nowrap">
      {now === null ? exact : format.ago((now - Date.parse(at)) / 1000)}
    </time>
  );
}
