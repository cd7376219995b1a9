import { ApiProblem } from '@suanxiang/contract/client';
import type { Locale } from '@suanxiang/domain/locale';
import { CommanderError } from 'commander';
import { z } from 'zod';
import { en, zhCN } from 'zod/locales';
import type { Env } from './env';
import { EXIT, NetworkError, OperationFailed, UsageError } from './exit-codes';
import type { Io } from './io';
import { speak } from './messages';
import { problemText } from './problem-text';
import { buildProgram } from './program';

/** Runs one command line (without node and script) and answers its exit code. */
export async function run(argv: string[], env: Env, io: Io, send: typeof fetch = fetch): Promise<number> {
  const locale = localeOf(argv) ?? env.locale;
  z.config(locale === 'zh-CN' ? zhCN() : en());
  const say = speak(locale);
  try {
    const program = buildProgram({ env, io, say, locale, send });
    await program.parseAsync(argv.length ? argv : ['--help'], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return explain(error, argv, locale, io);
  }
}

/** The language of `--lang`, which texts of the command tree need before it is parsed. */
function localeOf(argv: string[]): Locale | null {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  if (at === -1) return null;
  const word = argv[at]!.includes('=') ? argv[at]!.slice(7) : (argv[at + 1] ?? '');
  return /^zh/i.test(word) ? 'zh-CN' : 'en';
}

function explain(error: unknown, argv: string[], locale: Locale, io: Io): number {
  const say = speak(locale);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    io.err(`suan: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof ApiProblem) {
    const json = argv.includes('--json');
    io.err(json ? `${JSON.stringify(error.problem, null, 2)}\n` : `${problemText(error.problem, locale, say)}\n`);
    return EXIT.problem;
  }
  if (error instanceof OperationFailed) {
    io.err(`${error.message}\n`);
    return EXIT.problem;
  }
  if (error instanceof NetworkError) {
    io.err(`${say('network', { url: error.url, reason: error.reason })}\n${say('networkHint')}\n`);
    return EXIT.network;
  }
  throw error;
}
