import { ApiProblem } from '@suanxiang/contract/client';
import type { Locale } from '@suanxiang/domain/locale';
import { CommanderError } from 'commander';
import { z } from 'zod';
import { en, zhCN } from 'zod/locales';
import type { Env } from './env';
import {
  EXIT,
  exitOfProblem,
  Interrupted,
  NetworkError,
  OperationFailed,
  ProgramEnded,
  UsageError,
} from './exit-codes';
import type { Io } from './io';
import { type Say, speak } from './messages';
import { problemText } from './problem-text';
import { buildProgram } from './program';
import { settingsOf } from './settings';

/** Runs one command line (without node and script) and answers its exit code. */
export async function run(argv: string[], env: Env, io: Io, send: typeof fetch = fetch): Promise<number> {
  const { locale, json } = await settingsOf(argv, env);
  z.config(locale === 'zh-CN' ? zhCN() : en());
  const say = speak(locale);
  try {
    const program = buildProgram({ env, io, say, locale, send });
    await program.parseAsync(argv.length ? argv : ['--help'], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return explain(error, { json, locale, io, say });
  }
}

function explain(
  error: unknown,
  { json, locale, io, say }: { json: boolean; locale: Locale; io: Io; say: Say },
): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof ProgramEnded) return error.exit;
  if (error instanceof Interrupted || io.interrupted.aborted) return EXIT.interrupted;
  if (error instanceof UsageError) {
    io.err(`suan: ${error.message}\n`);
    return error.exit;
  }
  if (error instanceof ApiProblem) {
    const { problem } = error;
    io.err(json ? `${JSON.stringify(problem, null, 2)}\n` : `${problemText(problem, locale, say)}\n`);
    return exitOfProblem(problem);
  }
  if (error instanceof OperationFailed) {
    io.err(`${error.message}\n`);
    return error.exit;
  }
  if (error instanceof NetworkError) {
    io.err(`${say('network', { url: error.url, reason: error.reason })}\n${say('networkHint')}\n`);
    return EXIT.network;
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    io.err(`${say('answerStopped')}\n`);
    return EXIT.network;
  }
  throw error;
}
