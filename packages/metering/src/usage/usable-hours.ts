import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import type { Cutoff } from '../ingest/cutoff';
import { digestOfHours, type SealedHour } from '../rating/canonical';
import { cutoffBounds } from './load-samples';

const HOUR_S = 3600;

/** A stretch of a lease to be added up. */
export interface Stretch extends Span {
  allocationId: string;
}

/** A stretch with whose it is and what may be read of it. */
export interface HoursAsked extends Stretch {
  orgId: string;
  cutoff: Cutoff | null;
}

/** What hours hold of a stretch. */
export interface HourTotals {
  blocks: number;
  measured: number;
  sumPpm: number;
  flooredPpm: number;
  weighed: number;
  /** Digest of all the stretch's blocks, where every hour of it was usable and a digest was asked for. */
  digest: string | null;
  /** The hours one by one, where a digest was asked for and some hour was not usable. */
  sealed: SealedHour[];
  /** Parts of the stretch that only blocks can tell, in time order. */
  open: Span[];
}

export interface HoursWanted {
  /** The least that a measured second weighs, by stretch; absent where weights do not matter. */
  floors?: readonly number[];
  withDigest?: boolean;
}

interface Row {
  part: number;
  hours: number;
  first_s: string;
  last_s: string;
  blocks: string;
  measured: string;
  sum_ppm: string;
  floored_ppm: string;
  weighed: string;
  digest: string | null;
}

const hourOf = (second: number) => second - (second % HOUR_S);
const hoursIn = ({ fromS, toS }: Span) => (hourOf(toS - 1) - hourOf(fromS)) / HOUR_S + 1;
const nothing = (stretch: Span): HourTotals => {
  return { blocks: 0, measured: 0, sumPpm: 0, flooredPpm: 0, weighed: 0, digest: null, sealed: [], open: [stretch] };
};

function totalsOf(row: Row): Omit<HourTotals, 'digest' | 'sealed' | 'open'> {
  return {
    blocks: Number(row.blocks),
    measured: Number(row.measured),
    sumPpm: Number(row.sum_ppm),
    flooredPpm: Number(row.floored_ppm),
    weighed: Number(row.weighed),
  };
}

interface Reached {
  ids: string[];
  hours: string[];
}

/** Hours that blocks have reached since they were last looked at, up to any batch: neither added up again nor due yet. */
async function reachedSince(sql: Sql, markSeq: string, stretches: readonly HoursAsked[]): Promise<Reached> {
  const fromS = hourOf(Math.min(...stretches.map((stretch) => stretch.fromS)));
  const toS = Math.max(...stretches.map((stretch) => stretch.toS));
  const rows = await sql<{ id: string; hour: string }>`
    SELECT DISTINCT allocation_id AS id, (win_start_s - win_start_s % 3600)::text AS hour FROM usage_block
    WHERE org_id = ANY (${[...new Set(stretches.map((s) => s.orgId))]}::text[]) AND batch_seq > ${markSeq}::bigint AND win_start_s >= ${fromS}::bigint
      AND win_start_s < ${toS + HOUR_S}::bigint`;
  return { ids: rows.map((row) => row.id), hours: rows.map((row) => row.hour) };
}

interface Query {
  stale: Reached;
  wanted: HoursWanted;
}

const columnsOf = (stretches: readonly HoursAsked[], { wanted }: Query) => {
  const bounds = stretches.map((s) => cutoffBounds(s.cutoff));
  return {
    orgs: stretches.map((s) => s.orgId),
    ids: stretches.map((s) => s.allocationId),
    froms: stretches.map((s) => String(s.fromS)),
    tos: stretches.map((s) => String(s.toS)),
    floors: (wanted.floors ?? []).map(String),
    batches: bounds.map((bound) => bound.batchSeq),
    arrivals: bounds.map((bound) => bound.arrivedS),
  };
};

/** Sums of the usable hours by stretch, and of which they are. */
function addedUp(sql: Sql, stretches: readonly HoursAsked[], query: Query): Promise<Row[]> {
  const { orgs, ids, froms, tos, floors, batches, arrivals } = columnsOf(stretches, query);
  const { stale } = query;
  if (query.wanted.withDigest) {
    return sql<Row>`
      SELECT u.part, count(*)::int AS hours, min(u.hour_s)::text AS first_s, max(u.hour_s)::text AS last_s,
        sum(u.blocks)::text AS blocks, sum(u.measured)::text AS measured, sum(u.sum_ppm)::text AS sum_ppm,
        sum(u.floored_ppm)::text AS floored_ppm, sum(u.weighed)::text AS weighed,
        encode(sha256(convert_to('blocks/2' || E'\n' || coalesce(string_agg(u.allocation_id || ' ' || u.hour_s || ' '
          || u.blocks || ' ' || encode(u.digest, 'hex'), E'\n' ORDER BY u.hour_s) FILTER (WHERE u.blocks > 0), ''), 'UTF8')), 'hex')
          AS digest
      FROM suan_usable_hours(${orgs}::text[], ${ids}::text[], ${froms}::bigint[], ${tos}::bigint[], ${floors}::int[],
        ${batches}::bigint[], ${arrivals}::bigint[]) u
      WHERE NOT EXISTS (SELECT 1 FROM unnest(${stale.ids}::text[], ${stale.hours}::bigint[]) AS t(id, hour_s)
        WHERE t.id = u.allocation_id AND t.hour_s = u.hour_s)
      GROUP BY u.part`;
  }
  return sql<Row>`
    SELECT u.part, count(*)::int AS hours, min(u.hour_s)::text AS first_s, max(u.hour_s)::text AS last_s,
      sum(u.blocks)::text AS blocks, sum(u.measured)::text AS measured, sum(u.sum_ppm)::text AS sum_ppm,
      sum(u.floored_ppm)::text AS floored_ppm, sum(u.weighed)::text AS weighed, NULL::text AS digest
    FROM suan_usable_hours(${orgs}::text[], ${ids}::text[], ${froms}::bigint[], ${tos}::bigint[], ${floors}::int[],
      ${batches}::bigint[], ${arrivals}::bigint[]) u
    WHERE NOT EXISTS (SELECT 1 FROM unnest(${stale.ids}::text[], ${stale.hours}::bigint[]) AS t(id, hour_s)
      WHERE t.id = u.allocation_id AND t.hour_s = u.hour_s)
    GROUP BY u.part`;
}

/** The usable hours one by one. */
function oneByOne(sql: Sql, stretches: readonly HoursAsked[], query: Query): Promise<Row[]> {
  const { orgs, ids, froms, tos, floors, batches, arrivals } = columnsOf(stretches, query);
  const { stale } = query;
  return sql<Row>`
    SELECT u.part, 1 AS hours, u.hour_s::text AS first_s, u.hour_s::text AS last_s, u.blocks::text, u.measured::text,
      u.sum_ppm::text, u.floored_ppm::text, u.weighed::text, encode(u.digest, 'hex') AS digest
    FROM suan_usable_hours(${orgs}::text[], ${ids}::text[], ${froms}::bigint[], ${tos}::bigint[], ${floors}::int[],
      ${batches}::bigint[], ${arrivals}::bigint[]) u
    WHERE NOT EXISTS (SELECT 1 FROM unnest(${stale.ids}::text[], ${stale.hours}::bigint[]) AS t(id, hour_s)
      WHERE t.id = u.allocation_id AND t.hour_s = u.hour_s)
    ORDER BY u.part, u.hour_s`;
}

/** The parts of a stretch that lie in none of these hours (in time order). */
function openParts({ fromS, toS }: Span, usableS: readonly number[]): Span[] {
  const open: Span[] = [];
  let atS = fromS;
  for (const hourS of [...usableS, toS]) {
    if (hourS > atS) open.push({ fromS: atS, toS: Math.min(hourS, toS) });
    atS = Math.max(atS, hourS + HOUR_S);
  }
  return open.filter((part) => part.fromS < part.toS);
}

function fromHours(stretch: Stretch, rows: readonly Row[]): HourTotals {
  const totals = nothing(stretch);
  for (const row of rows) {
    const own = totalsOf(row);
    totals.blocks += own.blocks;
    totals.measured += own.measured;
    totals.sumPpm += own.sumPpm;
    totals.flooredPpm += own.flooredPpm;
    totals.weighed += own.weighed;
    const sealed = { allocationId: stretch.allocationId, hourS: Number(row.first_s), blocks: own.blocks };
    if (own.blocks > 0) totals.sealed.push({ ...sealed, digest: row.digest! });
  }
  totals.open = openParts(
    stretch,
    rows.map((row) => Number(row.first_s)),
  );
  if (totals.open.length === 0) totals.digest = digestOfHours(totals.sealed);
  return totals;
}

/**
 * What the hours that have been added up tell of stretches of leases at their cutoffs, in their order, and what only blocks can tell: hours
 * that hold something else than the cutoff may see, that were altered, or that nobody has added up. Nothing else is left out,
 * whatever hours there are.
 */
export async function usableHours(
  sql: Sql,
  stretches: readonly HoursAsked[],
  wanted: HoursWanted = {},
): Promise<HourTotals[]> {
  if (stretches.length === 0) return [];
  const [mark] = await sql<{ seq: string }>`SELECT batch_seq::text AS seq FROM usage_hour_mark`;
  if (!mark || mark.seq === '-1') return stretches.map(nothing);
  const marked = BigInt(mark.seq);
  const isComplete = stretches.every(({ cutoff }) => marked >= BigInt(cutoffBounds(cutoff).batchSeq));
  const stale = isComplete ? { ids: [], hours: [] } : await reachedSince(sql, mark.seq, stretches);
  const query: Query = { stale, wanted };
  const byPart = new Map((await addedUp(sql, stretches, query)).map((row) => [row.part, row]));
  const torn: number[] = [];
  const found = stretches.map((stretch, index): HourTotals => {
    const row = byPart.get(index + 1);
    if (!row) return nothing(stretch);
    const totals = { ...totalsOf(row), digest: row.digest, sealed: [], open: [] };
    if (row.hours === hoursIn(stretch)) return totals;
    const [firstS, lastS] = [Number(row.first_s), Number(row.last_s)];
    const isRun = (lastS - firstS) / HOUR_S + 1 === row.hours;
    if (wanted.withDigest || !isRun) torn.push(index);
    const around = [
      { fromS: stretch.fromS, toS: Math.max(stretch.fromS, firstS) },
      { fromS: Math.min(stretch.toS, lastS + HOUR_S), toS: stretch.toS },
    ];
    return { ...totals, digest: null, open: around.filter((part) => part.fromS < part.toS) };
  });
  if (torn.length === 0) return found;
  // What is torn is read again as a whole, in one statement, so that no hour counts twice or not at all.
  const again: Query = {
    ...query,
    wanted: { ...wanted, ...(wanted.floors ? { floors: torn.map((index) => wanted.floors![index]!) } : {}) },
  };
  const rows = await oneByOne(
    sql,
    torn.map((index) => stretches[index]!),
    again,
  );
  torn.forEach((index, place) => {
    const own = rows.filter((row) => row.part === place + 1);
    found[index] = fromHours(stretches[index]!, own);
  });
  return found;
}
