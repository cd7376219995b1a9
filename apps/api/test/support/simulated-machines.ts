import { randomUUID } from 'node:crypto';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { startFleetProcess } from '@suanxiang/testing/fleet-process';
import pg from 'pg';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { addNode } from '../../../../packages/services/test/support/fleet';
import { openMachines } from '../../src/terminal/machines';
import type { TerminalPatience } from '../../src/terminal/terminal-socket';
import { type Api, type Json, openApi, type Sender } from './api';
import { addTenant, type Tenant } from './tenant';

/** A session as a client sees it. */
export class Session {
  readonly socket: WebSocket;
  text = '';
  readonly said: Json[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #wake: () => void = () => {};

  constructor(address: string, ticket: string, options: { origin?: string } = {}) {
    this.socket = new WebSocket(`${address}/v1/terminal`, ['suanxiang.terminal.v1', `ticket.${ticket}`], options);
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.text += data.subarray(1).toString('utf8');
      else this.said.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.closed = new Promise((resolve, reject) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
      this.socket.once('error', reject);
    });
    this.closed.catch(() => {});
  }

  /** Waits for a condition; the end of the session is the end of waiting. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`closed: ${JSON.stringify(this.said)} ${this.text}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }
}

export interface SimulatedMachines {
  api: Api;
  admin: pg.Client;
  driver: SimulatedDriver;
  tenant: Tenant;
  /** WebSocket address of the API, without a trailing slash. */
  address: string;
  /** An instance that runs: as the database has it, and on the simulated fleet. */
  running(by?: Tenant): Promise<{ id: string; allocationId: string }>;
  ticketFor(id: string, body?: object, sender?: Sender): Promise<string>;
  /** A session that is ready. */
  opened(id: string, body?: object, sender?: Sender): Promise<Session>;
  close(): Promise<void>;
}

/** The API, listening, over a simulated fleet of its own. */
export async function openSimulatedMachines(patience: Partial<TerminalPatience> = {}): Promise<SimulatedMachines> {
  const fleet = await startFleetProcess();
  const driver = new SimulatedDriver({ url: fleet.url, token: fleet.token });
  const controlKey = Buffer.alloc(32, 1).toString('base64');
  const api = await openApi(openMachines({ fleet, controlKey, nowMs: Date.now }), patience);
  const admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2']) await addNode(api.plane.sql, id);
  const tenant = await addTenant(api);
  const address = (await api.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
  let taken = 0;

  async function running(by: Tenant = tenant): Promise<{ id: string; allocationId: string }> {
    const body = { name: `t-${randomUUID().slice(0, 8)}`, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
    const made = await api.call('createInstance', { body }, by.owner);
    expect(made.status, made.text).toBe(201);
    const { id, operation } = made.json;
    const allocationId = `alloc_${randomUUID().replaceAll('-', '')}`;
    const nodes: Json[] = [];
    for await (const one of driver.discover('ap-southeast-a')) nodes.push(one);
    const node = nodes[Math.floor(taken / 8)]!;
    const context = { operationKey: allocationId, epoch: 1 };
    const spec = {
      allocationId,
      nodeId: node.nodeId,
      deviceIds: [node.devices[taken % 8].deviceId],
      name: 'terminal',
      image: 'i',
      sshPublicKeys: [],
      startupScript: null,
      environment: {},
      clockOffsetS: 0,
    };
    taken += 1;
    await driver.prepare(context, spec);
    await driver.start(context, allocationId);
    await admin.query(`UPDATE operation SET status = 'succeeded', step = 'start_meter' WHERE workload_id = $1`, [id]);
    await admin.query(`UPDATE workload SET state = 'running' WHERE id = $1`, [id]);
    await admin.query(
      `INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus, state, start_s)
       SELECT $1, org_id, id, project_id, $3, 0, 'cn-north-a', 'n1', sku, 'USD', 1, 'running', extract(epoch FROM now())::bigint FROM workload WHERE id = $2`,
      [allocationId, id, operation.id],
    );
    return { id, allocationId };
  }

  async function ticketFor(id: string, body: object = {}, sender: Sender = tenant.owner): Promise<string> {
    const made = await api.call('openInstanceTerminal', { params: { instance_id: id }, body }, sender);
    expect(made.status, made.text).toBe(201);
    return made.json.ticket;
  }

  return {
    api,
    admin,
    driver,
    tenant,
    address,
    running,
    ticketFor,
    async opened(id, body = {}, sender = tenant.owner) {
      const session = new Session(address, await ticketFor(id, body, sender));
      await session.until(() => session.said.some(({ type }) => type === 'ready'));
      return session;
    },
    async close() {
      await admin.end();
      await api.close();
      await driver.close();
      await fleet.stop();
    },
  };
}
