import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import { FAULT_REASONS, reasonOf } from '@suanxiang/domain/fault-reasons';
import { DriverError, type FleetDriver, type ProbeReport } from '@suanxiang/hal/driver';
import { findGenericFault } from '@suanxiang/hal/faults/catalogue';
import { SEVERITY_FACTS, type Severity } from '@suanxiang/hal/faults/severity';
import { capabilitiesOf } from '../capabilities';
import { classify, forEach, gravest } from '../driver-call';
import { cordonNode, degradeDevice, type Found, quarantineDevice } from '../health/quarantine';
import { addRecords } from '../health/records';
import { callContext, driverOf, type Run } from '../run';
import { DONE, type Outcome } from '../step';
import type { WorkAllocation } from '../work';

/** A node whose clock differs more than this from the database's would stamp evidence wrongly. */
const MOST_SKEW_MS = 2_000;

interface Checked {
  allocation: WorkAllocation;
  outcome: Outcome;
  found: Found[];
  detail: string;
}

/**
 * Checks every node and its devices before anything of the tenant's runs there. What fails by the catalogue's severity is
 * taken out of service, and the workload goes to another place; what is degraded is noted and handed over. An engine that
 * cannot check is believed.
 */
export async function check(run: Run): Promise<Outcome> {
  const checked = await forEach(run.work.allocations, run.ctx.limits.parallelCalls, (one) => checkOne(run, one));
  await record(
    run,
    checked.filter(({ detail }) => detail !== ''),
  );
  return gravest(checked.map(({ outcome }) => outcome));
}

async function checkOne(run: Run, allocation: WorkAllocation): Promise<Checked> {
  const driver = driverOf(run, allocation);
  const nothing = (outcome: Outcome): Checked => ({ allocation, outcome, found: [], detail: '' });
  try {
    if ((await capabilitiesOf(driver))?.probe === false) return nothing(DONE);
    const asked = await ask(run, driver, allocation.id);
    const found = findings(run, allocation, asked);
    const grave = found.find(isGrave);
    const outcome = grave ? back(allocation, reasonFor(grave.code)) : DONE;
    const measured = asked.report.findings.filter(({ passed }) => passed !== null);
    const passed = measured.filter((one) => one.passed).length;
    return { allocation, outcome, found, detail: `${passed} of ${measured.length} checks passed` };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    // What the engine does not know any more cannot be handed over; another place may.
    const gone = error.code === 'invalid' || error.code === 'conflict';
    return nothing(gone ? back(allocation, reasonOf('allocation_lost')) : classify(error, allocation));
  }
}

/** What takes its device or node out of service; anything else is noted. */
const isGrave = ({ severity }: Found) => SEVERITY_FACTS[severity].drains;

const back = (allocation: WorkAllocation, reason: StatusReason): Outcome => ({
  kind: 'back',
  excludedNodeIds: [allocation.nodeId],
  reason,
});

/** What tenants read: that the checks failed, and what the catalogue calls it. */
function reasonFor(code: string): StatusReason {
  const { en, zh } = FAULT_REASONS.check_failed;
  const meaning = findGenericFault(code)?.meaning;
  const { code: marked } = reasonOf('check_failed');
  return meaning
    ? { code: marked, en: `${en} (${meaning.en})`, zh: `${zh}（${meaning.zh}）` }
    : { code: marked, en, zh };
}

interface Asked {
  report: ProbeReport;
  /** How far the node's clock is outside of the time in which it was asked. */
  skewMs: number;
}

const databaseMs = async (run: Run) => {
  const [row] = await singleSql(run.ctx.db)<{ ms: number }>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
  return row!.ms;
};

/** Asks for a check. A clock that seems to be off by ours is compared with the database's, which leases go by. */
async function ask(run: Run, driver: FleetDriver, allocationId: string): Promise<Asked> {
  const timed = async (nowMs: () => Promise<number> | number): Promise<Asked> => {
    const fromMs = await nowMs();
    const report = await driver.probe(callContext(run, 'check', allocationId), allocationId);
    const toMs = await nowMs();
    return { report, skewMs: Math.max(fromMs - report.clockMs, report.clockMs - toMs, 0) };
  };
  const asked = await timed(() => run.ctx.clock.nowMs());
  return asked.skewMs <= MOST_SKEW_MS ? asked : timed(() => databaseMs(run));
}

function findings(run: Run, { zoneId, nodeId }: WorkAllocation, { report, skewMs }: Asked): Found[] {
  const of = (deviceId: string | null, code: string, detail: string): Found => {
    const severity: Severity = findGenericFault(code)?.severity ?? 'failed';
    return { zoneId, nodeId, deviceId, code, severity, detail, operationId: run.operation.id };
  };
  const failed = report.findings.filter(({ passed }) => passed === false);
  const found = failed.map((one) => of(one.deviceId, one.code ?? 'vendor-alarm', one.detail));
  if (skewMs > MOST_SKEW_MS) found.push(of(null, 'clock-off', `its clock is off by ${Math.round(skewMs)} ms`));
  return found;
}

/** Puts what was found on record and takes out of service what failed. Nodes before devices, each in order of ids. */
async function record(run: Run, checked: readonly Checked[]): Promise<void> {
  if (checked.length === 0) return;
  const { ctx, operation } = run;
  const nowMs = ctx.clock.nowMs();
  const found = checked.flatMap((one) => one.found);
  const key = ({ nodeId, deviceId }: Found) => `${deviceId === null ? 0 : 1} ${nodeId} ${deviceId}`;
  found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  await withSql(ctx.db, async (sql) => {
    await addRecords(
      sql,
      checked.map(({ allocation: { zoneId, nodeId }, outcome, found: own, detail }) => ({
        zoneId,
        nodeId,
        deviceId: null,
        atMs: nowMs,
        kind: outcome.kind === 'done' ? ('check_passed' as const) : ('check_failed' as const),
        code: own[0]?.code ?? null,
        severity: own[0]?.severity ?? null,
        detail: [detail, ...own.map((one) => one.detail)].join('; '),
        operationId: operation.id,
      })),
    );
    for (const one of found) {
      const { deviceId } = one;
      if (!isGrave(one)) {
        if (deviceId !== null) await degradeDevice(sql, { ...one, deviceId });
        continue;
      }
      const out =
        deviceId === null
          ? await cordonNode(sql, one, nowMs)
          : await quarantineDevice(sql, { ...one, deviceId }, nowMs);
      if (!out) ctx.logger.error({ found: one }, 'too much of this zone is out of service: left in');
    }
  });
}
