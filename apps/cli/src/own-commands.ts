import { Argument, type Command } from 'commander';
import { COMPLETION_TIMEOUT_S, valuesFor } from './commands/complete-values';
import { candidateLines, completionAt, completionScript } from './commands/completion';
import { showEvents } from './commands/events';
import { helpOn } from './commands/help';
import { login } from './commands/login';
import { listProfiles, type ProfileOptions, removeProfile, useProfile, writeProfile } from './commands/profile';
import { exec, type RemoteOptions, terminal } from './commands/remote';
import { anyRoute, chooseRoute, LOGS, listWorkloads, SHORTCUTS } from './commands/shortcuts';
import { type SshOptions, ssh, sshConfig } from './commands/ssh';
import { useOrganization } from './commands/use';
import { verifyInvoice } from './commands/verify-invoice';
import { LANGUAGES, OUTPUTS } from './config-file';
import { fieldLabel } from './labels';
import { momentOf } from './moment';
import type { Options } from './request';
import { runRoute } from './route-command';
import {
  addGlobalOptions,
  addRouteOptions,
  addRouteTo,
  addWatchOptions,
  commandAt,
  contextOf,
  type Shell,
} from './route-options';
import { openContext } from './session';

/** Commands that are no operation of the API: signing in, profiles, short forms, ssh, events, completion and help. */
export function addOwnCommands(program: Command, shell: Shell): void {
  addAccount(program, shell);
  addProfiles(program, shell);
  addShortcuts(program, shell);
  addRemote(program, shell);
  addSsh(program, shell);
  addEvents(program, shell);
  addCompletion(program, shell);
  program
    .command('help')
    .description(shell.say('helpCommand'))
    .option('--lang <lang>', shell.say('optLang'))
    .argument('[words...]')
    .action((words: string[]) => helpOn(program, words, shell));
}

function addAccount(program: Command, shell: Shell): void {
  const { say, locale } = shell;
  const signIn = program.command('login').description(say('login'));
  signIn.option('--email <text>', fieldLabel('email', locale)).option('--api-key <key>', say('loginApiKey'));
  addGlobalOptions(signIn, say);
  signIn.action(async () => login(await contextOf(signIn, shell), signIn.opts<{ email?: string; apiKey?: string }>()));

  const use = program.command('use').description(say('use')).argument('<organization>', say('optOrg'));
  addGlobalOptions(use, say);
  use.action(async (wanted: string) => useOrganization(await contextOf(use, shell), wanted));

  const invoices = commandAt(program, ['invoices'], locale).alias('invoice');
  const verify = invoices.command('verify').description(say('verifyInvoice')).argument('<invoice-id>');
  addGlobalOptions(verify, say);
  verify.action(async (id: string) => verifyInvoice(await contextOf(verify, shell), id));
}

function addProfiles(program: Command, shell: Shell): void {
  const { say, env, locale, io } = shell;
  const place = { env: { ...env, locale }, io, say };
  const group = commandAt(program, ['profile'], locale);
  const make = (words: string, text: string) =>
    group.command(words).description(text).option('--lang <lang>', say('optLang'));
  make('ls', say('profileLs'))
    .option('--json', say('optJson'))
    .action((options: { json?: boolean }) => listProfiles(place, options.json ?? false));
  const named = (words: string, text: string) => make(words, text).argument('<profile>', say('profileName'));
  named('use', say('profileUse')).action((name: string) => useProfile(place, name));
  named('rm', say('profileRm')).action((name: string) => removeProfile(place, name));
  const fields = (command: Command) =>
    command
      .option('--api-url <url>', say('optApiUrl'))
      .option('--api-key <key>', say('loginApiKey'))
      .option('--org-id <id>', say('optOrgId'))
      .option('--project-id <id>', say('optProjectId'))
      .option('--language <lang>', say('optLanguage'))
      .option('--output <form>', say('optDefaultOutput'));
  fields(named('add', say('profileAdd'))).action((name: string, options: ProfileOptions) =>
    writeProfile(place, name, options, true),
  );
  fields(make('set', say('profileSet')).argument('[profile]', say('profileName'))).action(
    (name: string | undefined, options: ProfileOptions) => writeProfile(place, name, options, false),
  );
  for (const command of group.commands)
    for (const option of command.options) {
      if (option.long === '--language') option.argChoices = [...LANGUAGES];
      if (option.long === '--output') option.argChoices = [...OUTPUTS];
    }
}

function addShortcuts(program: Command, shell: Shell): void {
  const { say } = shell;
  const ls = program.command('ls').description(say('ls'));
  ls.option('-a, --all', say('lsAll'))
    .option('--project-id <id>', fieldLabel('project_id', shell.locale))
    .option('--q <text>', fieldLabel('q', shell.locale));
  addWatchOptions(ls, say);
  addGlobalOptions(ls, say);
  ls.action(async () => listWorkloads(await contextOf(ls, shell), ls.opts<Options>()));

  addRouteTo(program.command('launch').description(say('launch')), anyRoute('createInstance'), shell, { waits: true });
  for (const { word, says, of } of SHORTCUTS) {
    const command = program.command(word).description(say(says)).argument('<name>', say('workloadName'));
    addRouteOptions(command, anyRoute(of.instance), shell, true);
    command.action(async (name: string) => {
      const context = await contextOf(command, shell);
      const { route, id } = await chooseRoute(context, of, name);
      await runRoute(context, route, [id], command.opts<Options>());
    });
  }
  const logs = program.command('logs').description(say('logs')).argument('<name>', say('workloadName'));
  addRouteOptions(logs, anyRoute('getInstanceLogs'), shell, false);
  logs.option('--node <n>', say('optRank'));
  logs.action(async (name: string) => {
    const context = await contextOf(logs, shell);
    const { route, id } = await chooseRoute(context, LOGS, name);
    const { node, since, ...options } = logs.opts<Options>();
    const moment = typeof since === 'string' ? { since: momentOf(since, shell.io.nowMs()) } : {};
    await runRoute(context, route, [id], { ...options, ...moment, ...(node === undefined ? {} : { rank: node }) });
  });
}

/** Short ways into a machine without a key: over the API, with its permission. */
function addRemote(program: Command, shell: Shell): void {
  const { say } = shell;
  const open = program.command('terminal').description(say('terminal')).argument('<name>', say('workloadName'));
  addGlobalOptions(open.option('--node <n>', say('optRank')), say);
  open.action(async (name: string) => terminal(await contextOf(open, shell), name, open.opts<RemoteOptions>()));

  const one = program.command('exec').description(say('exec')).argument('<name>', say('workloadName'));
  one
    .argument('<command...>', say('sshCommand'))
    .option('--node <n>', say('optRank'))
    .option('-t, --tty', say('optTty'));
  addGlobalOptions(one, say);
  one.action(async (name: string, command: string[]) =>
    exec(await contextOf(one, shell), name, command, one.opts<RemoteOptions>()),
  );
}

function addSsh(program: Command, shell: Shell): void {
  const { say } = shell;
  const options = (command: Command) => {
    command.option('-i, --identity <file>', say('optIdentity')).option('-l, --login <user>', say('optLogin'));
    addGlobalOptions(command, say);
    return command;
  };
  const open = program
    .command('ssh')
    .description(say('ssh'))
    .addArgument(new Argument('<name>', say('workloadName')))
    .argument('[command...]', say('sshCommand'))
    .option('--rank <n>', say('optRank'));
  options(open).action(async (name: string, command: string[]) =>
    ssh(await contextOf(open, shell), name, command, open.opts<SshOptions>()),
  );
  const config = program.command('ssh-config').description(say('sshConfig'));
  options(config.argument('[names...]', say('workloadName'))).action(async (names: string[]) =>
    sshConfig(await contextOf(config, shell), names, config.opts<SshOptions>()),
  );
}

/** `suan events` lists, `suan events --follow` goes on. */
function addEvents(program: Command, shell: Shell): void {
  const { say } = shell;
  const events = commandAt(program, ['events'], shell.locale);
  addRouteOptions(events, anyRoute('listEvents'), shell, false);
  events.option('-f, --follow', say('eventsFollow')).option('--after <event>', say('eventsAfter'));
  // Its words are commands below it before they are mistakes.
  events.action(async () => {
    const context = await contextOf(events, shell);
    const options = events.opts<Options>();
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    if (!options.follow && !options.after) return runRoute(context, anyRoute('listEvents'), [], options);
    const after = text(options.after) ?? null;
    return showEvents(context, { type: text(options.type), resource: text(options.resource), after });
  });
}

function addCompletion(program: Command, shell: Shell): void {
  const { say, io, env, locale, send } = shell;
  const completion = program.command('completion').description(say('completion'));
  completion.argument('<shell>', 'bash, zsh, fish').action((name: string) => io.out(completionScript(name, say)));
  for (const argument of completion.registeredArguments) argument.argChoices = ['bash', 'zsh', 'fish'];
  program
    .command('__complete', { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (name: string, words: string[]) => {
      const found = completionAt(program, words);
      if ('known' in found) return io.out(candidateLines(found.known, name));
      const at = (flag: string) => {
        const index = words.indexOf(flag);
        return index === -1 ? undefined : words[index + 1];
      };
      const [profile, org, apiUrl] = [at('--profile'), at('--org'), at('--api-url')];
      const typed = { ...(profile ? { profile } : {}), ...(org ? { org } : {}), ...(apiUrl ? { apiUrl } : {}) };
      const quiet = { ...io, err: () => undefined };
      const open = () =>
        openContext(
          { ...env, locale },
          quiet,
          say,
          { ...typed, retries: '0', timeout: String(COMPLETION_TIMEOUT_S) },
          send,
        );
      const values = await valuesFor(open, found.wanted, found.prefix);
      io.out(
        candidateLines(
          values.map((one) => ({ ...one, value: found.before + one.value })),
          name,
        ),
      );
    });
}
