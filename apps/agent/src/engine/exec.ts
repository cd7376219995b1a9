import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DriverError, type ExecChunk, type ExecRequest, type ExecSession } from '@suanxiang/hal/driver';
import { send } from '@suanxiang/hal/exec/frames';
import { type Podman, PodmanError } from '../podman/client';
import { containerName } from '../podman/container-spec';
import { readStreams } from '../podman/exec-streams';
import { known } from './commands';
import type { NodeContext } from './node';

const LOOK_MS = 20;
/** Between a hang-up and the end by force. */
const GRACE_MS = 2_000;

/** What the image has of a login shell; its profile reads the instance's environment. */
const SHELL = [
  '/bin/sh',
  '-c',
  'if [ -x /bin/bash ]; then exec /bin/bash -l; fi; export PS1="\\h:\\w# "; exec /bin/sh -l',
];
const WITH_ENVIRONMENT = ['/bin/sh', '-c', '. /etc/suanxiang/environment; exec "$@"', 'sh'];

function specOf({ command, terminal }: ExecRequest): object {
  return {
    Cmd: command === null ? SHELL : [...WITH_ENVIRONMENT, ...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: terminal !== null,
    Env: terminal === null ? [] : ['TERM=xterm-256color'],
    WorkingDir: '/workspace',
  };
}

/** Ends a program whose caller is gone: a hang-up first, for it and whatever it started in its session. */
async function end(podman: Podman, id: string): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGHUP', GRACE_MS],
    ['SIGKILL', 0],
  ] as const) {
    const state = await podman.inspectExec(id);
    if (!state?.running || state.pid <= 0) return;
    try {
      process.kill(-state.pid, signal);
    } catch {
      return;
    }
    await sleep(waitMs);
  }
}

/** The status of a program that is seen to have ended; its connection closes a little before that is known. */
async function exitOf(podman: Podman, id: string): Promise<number> {
  const limit = AbortSignal.timeout(GRACE_MS);
  for (;;) {
    const state = await podman.inspectExec(id);
    if (!state) throw new DriverError('lost', 'the program ended with its container');
    if (!state.running) return state.exitCode;
    if (limit.aborted) throw new DriverError('lost', 'the connection to the program broke');
    await sleep(LOOK_MS);
  }
}

async function open(podman: Podman, name: string, request: ExecRequest) {
  try {
    const id = await podman.createExec(name, specOf(request));
    return { id, ...(await podman.startExec(id, request.terminal !== null)) };
  } catch (error) {
    if (!(error instanceof PodmanError)) throw error;
    const code = error.status === 409 || error.status === 404 ? 'conflict' : 'transient';
    throw new DriverError(code, `the program could not be started: ${error.message}`);
  }
}

/** Starts a program in the container of a running allocation, over Podman's own exec. */
export async function startProgram(ctx: NodeContext, allocationId: string, request: ExecRequest): Promise<ExecSession> {
  const { podman, logger } = ctx;
  const { state } = known(ctx, allocationId);
  if (state !== 'running') throw new DriverError('conflict', `allocation ${allocationId} is ${state}`);
  const { id, socket, head } = await open(podman, containerName(allocationId), request);
  socket.on('error', () => socket.destroy());
  if (request.terminal) await podman.resizeExec(id, request.terminal);
  let settle: { resolve(code: number): void; reject(error: unknown): void };
  const exit = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject };
  });
  exit.catch(() => {});
  async function* output(): AsyncGenerator<ExecChunk> {
    try {
      yield* readStreams(socket, head, request.terminal !== null);
    } finally {
      socket.destroy();
      exitOf(podman, id).then(settle.resolve, settle.reject);
    }
  }
  return {
    output: output(),
    exit,
    write: (bytes) => send(socket, bytes),
    endInput: () => endInput(socket),
    resize: async (size) => {
      if (request.terminal) await podman.resizeExec(id, size);
    },
    close() {
      socket.destroy();
      end(podman, id).catch((error: unknown) => logger.warn({ err: error, allocationId }, 'a program was not ended'));
    },
  };
}

async function endInput(socket: Duplex): Promise<void> {
  if (socket.writable) socket.end();
}
