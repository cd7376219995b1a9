import { randomUUID } from 'node:crypto';
import { DriverError, type ExecSession } from '@suanxiang/hal/driver';
import { steadyMs } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import type { Principal } from '@suanxiang/services/access/principal';
import type { AppContext } from '@suanxiang/services/context';
import { countSession, uncountSession } from '@suanxiang/services/terminal/session-limits';
import { agentOf, auditTerminal, lookAgain, TerminalRefused } from '@suanxiang/services/terminal/terminal-session';
import { IDLE_S, MAX_S, type TerminalGrant } from '@suanxiang/services/terminal/tickets';
import type { RawData, WebSocket } from 'ws';
import { CLOSE_CODES, type CloseReason } from './close-reasons';
import type { Machines } from './machines';

/** How often the right to be in there is looked at; a right that cannot be looked at ends with the third try. */
const LOOK_MS = 1_500;
const MOST_BLIND_MS = 4_500;
export interface TerminalPatience {
  /** A session in which nothing is written either way ends after so long. */
  idleMs: number;
  /** A session ends after so long whatever happens. */
  mostMs: number;
  /** A reader that takes nothing for so long is dropped; until then the program waits. */
  slowMs: number;
}
export const TERMINAL_PATIENCE: TerminalPatience = { idleMs: IDLE_S * 1000, mostMs: MAX_S * 1000, slowMs: 30_000 };
/** First byte of what a program writes. */
const CHANNEL = { stdout: 1, stderr: 2 } as const;

export interface TerminalOptions {
  ctx: AppContext;
  machines: Machines;
  logger: Logger;
  patience: TerminalPatience;
}

function sizeOf(message: Record<string, unknown>): { columns: number; rows: number } | null {
  const { columns, rows } = message;
  const isSize = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000;
  return isSize(columns) && isSize(rows) ? { columns, rows } : null;
}

/** One person's or key's session in one node: the WebSocket, the program, and the watch over both. */
export class TerminalSocket {
  readonly #options: TerminalOptions;
  readonly #socket: WebSocket;
  readonly #grant: TerminalGrant;
  readonly #ip: string;
  readonly #id = randomUUID();
  readonly #timers: NodeJS.Timeout[] = [];
  #program: ExecSession | null = null;
  #principal: Principal | null = null;
  #reason: CloseReason | null = null;
  #startedMs = 0;
  #touchedMs = 0;
  /** Messages that the program has not taken yet: some are on their way when reading pauses. */
  #waiting = 0;
  #bytes = { in: 0, out: 0 };

  constructor(options: TerminalOptions, socket: WebSocket, grant: TerminalGrant, ip: string) {
    this.#options = options;
    this.#socket = socket;
    this.#grant = grant;
    this.#ip = ip;
  }

  /** Ends the session; the first reason counts. */
  close(reason: CloseReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#socket.close(CLOSE_CODES[reason], reason);
    // Whoever does not answer the close frame is cut off.
    setTimeout(() => this.#socket.terminate(), 1_000).unref();
    this.#program?.close();
  }

  /** Runs until either side ends. */
  async run(): Promise<void> {
    const { ctx, machines, logger } = this.#options;
    const grant = this.#grant;
    try {
      const { principal, place } = await lookAgain(ctx, grant, this.#ip);
      await countSession(ctx, grant, principal.actor, this.#id);
      this.#principal = principal;
      this.#startedMs = ctx.clock.nowMs();
      const agent = place.driver === 'agent' ? await agentOf(ctx, place.zoneId) : null;
      await auditTerminal(ctx, grant, principal, { verb: 'open', detail: {}, ip: this.#ip, nowMs: this.#startedMs });
      this.#program = await machines.exec({ ...place, agent }, { command: grant.command, terminal: grant.terminal });
      await this.#carry(this.#program);
    } catch (error) {
      if (error instanceof TerminalRefused) this.close(error.reason);
      else if (error instanceof DriverError) this.close(error.code === 'conflict' ? 'not_running' : 'machine_lost');
      else {
        logger.warn({ err: error, resource: grant.workloadId }, 'terminal failed');
        this.close('unavailable');
      }
    } finally {
      await this.#finish();
    }
  }

  async #carry(program: ExecSession): Promise<void> {
    this.#socket.once('close', () => {
      this.#reason ??= 'exited';
      program.close();
    });
    if (this.#socket.readyState !== this.#socket.OPEN) return program.close();
    this.#watch();
    this.#socket.on('message', (data, isBinary) => void this.#take(program, data, isBinary));
    this.#say({ type: 'ready' });
    for await (const { stream, bytes } of program.output) {
      this.#touchedMs = steadyMs();
      this.#bytes.out += bytes.length;
      await this.#send(Buffer.concat([Buffer.of(CHANNEL[stream]), bytes]));
    }
    const code = await program.exit;
    this.#say({ type: 'exit', code });
    // A machine that went down takes its programs along: then it is not the program that ended.
    await lookAgain(this.#options.ctx, this.#grant, this.#ip);
    this.close('exited');
  }

  #say(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Resolves when the bytes have left: a reader who waits so holds the program back. */
  #send(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const slow = setTimeout(() => this.close('slow_reader'), this.#options.patience.slowMs);
      this.#socket.send(bytes, () => {
        clearTimeout(slow);
        resolve();
      });
    });
  }

  async #take(program: ExecSession, data: RawData, isBinary: boolean): Promise<void> {
    if (this.#reason) return;
    this.#touchedMs = steadyMs();
    if (isBinary) {
      const bytes = data as Buffer;
      this.#bytes.in += bytes.length;
      // Nothing more is read from the connection while the program takes nothing.
      this.#socket.pause();
      this.#waiting += 1;
      await program.write(bytes).finally(() => {
        this.#waiting -= 1;
      });
      if (this.#waiting === 0) this.#socket.resume();
      return;
    }
    let message: Record<string, unknown> | null = null;
    try {
      message = JSON.parse(String(data)) as Record<string, unknown>;
    } catch {
      // Answered below, as what is not known.
    }
    const size = message?.type === 'resize' ? sizeOf(message) : null;
    if (size) await program.resize(size);
    else if (message?.type === 'end_of_input') await program.endInput();
    else this.close('invalid_message');
  }

  /** Looks again and again whether this may go on. */
  #watch(): void {
    const { ctx, patience } = this.#options;
    this.#touchedMs = steadyMs();
    const begunMs = steadyMs();
    let seenMs = begunMs;
    let looking = false;
    const look = async () => {
      if (steadyMs() - seenMs > MOST_BLIND_MS) return this.close('unavailable');
      if (steadyMs() - this.#touchedMs > patience.idleMs) return this.close('idle');
      if (steadyMs() - begunMs > patience.mostMs) return this.close('too_long');
      if (looking) return;
      looking = true;
      try {
        const { principal } = await lookAgain(ctx, this.#grant, this.#ip);
        seenMs = steadyMs();
        await countSession(ctx, this.#grant, principal.actor, this.#id);
      } catch (error) {
        // Redis only counts; what cannot be looked at for long ends above.
        if (error instanceof TerminalRefused) this.close(error.reason);
      } finally {
        looking = false;
      }
    };
    this.#timers.push(setInterval(() => void look(), LOOK_MS));
  }

  async #finish(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#program?.close();
    const { ctx, logger } = this.#options;
    if (!this.#principal) return;
    const nowMs = ctx.clock.nowMs();
    const seconds = Math.round((nowMs - this.#startedMs) / 1000);
    const detail = { reason: this.#reason ?? 'exited', seconds, bytes_in: this.#bytes.in, bytes_out: this.#bytes.out };
    const event = { verb: 'close' as const, detail, ip: this.#ip, nowMs };
    const note = (error: unknown) => logger.warn({ err: error }, 'the end of a terminal was not noted');
    await Promise.all([
      auditTerminal(ctx, this.#grant, this.#principal, event).catch(note),
      uncountSession(ctx, this.#grant, this.#principal.actor, this.#id).catch(note),
    ]);
  }
}
