import type { Bilingual } from '@suanxiang/domain/locale';

const say = (en: string, zh: string): Bilingual => ({ en, zh });

/** What `--help` says about the commands that are the program's own, and about their options. */
export const HELP_MESSAGES = {
  groupGlobalOptions: say('Options of every command:', '通用选项：'),
  groupEveryday: say('Every day:', '日常命令：'),
  groupResources: say('Everything else in the API:', '其他 API 资源：'),
  groupTools: say('Help:', '帮助：'),
  profileLs: say('List the profiles; * marks the current one', '列出配置（* 为当前配置）'),
  profileUse: say('Make a profile the current one', '切换当前配置'),
  profileAdd: say(
    'Add a profile; "suan login --profile NAME" adds one by signing in',
    '添加配置；也可用 "suan login --profile 名称" 登录添加',
  ),
  profileSet: say(
    'Change a profile, the current one by default; an empty value takes one out',
    '修改配置（默认当前配置），空值表示删除该项',
  ),
  profileRm: say('Remove a profile and its credentials from this machine', '从本机删除配置及其凭据'),
  profileName: say('name of a profile', '配置名称'),
  optOrgId: say('id of the organization to act in', '目标组织 ID'),
  optProjectId: say(
    'default of --project-id for workloads and the queue',
    '工作负载与队列命令中 --project-id 的默认值',
  ),
  optLanguage: say('language: en or zh-CN', '语言：en 或 zh-CN'),
  optDefaultOutput: say('output: table or json', '输出：table 或 json'),
  optWatch: say('show it again whenever it changes, until Ctrl-C', '有变化时重新显示，按 Ctrl-C 结束'),
  optEvery: say('with --watch: look at least so often, in seconds', '配合 --watch：至少每隔多少秒查看一次'),
  optNoWait: say('answer at once, do not follow the operation', '立即返回，不等待操作完成'),
  ls: say('List instances and clusters that live', '列出未释放的实例与集群'),
  lsAll: say('those that are over, too', '包括已结束的'),
  launch: say('Launch an instance and follow it until it runs', '创建实例并等待其运行'),
  show: say('Show an instance or a cluster', '查看实例或集群'),
  stop: say('Stop an instance or a cluster; compute billing ends at once', '停止实例或集群，计算计费即刻停止'),
  start: say('Start a stopped instance or cluster', '启动已停止的实例或集群'),
  terminate: say('Terminate an instance or a cluster for good', '永久释放实例或集群'),
  logs: say(
    'Show what an instance or a node of a cluster writes; --follow goes on, --since takes 10m, 2h or an instant',
    '查看实例或集群节点的日志；--follow 持续输出，--since 可为 10m、2h 或时刻',
  ),
  exec: say(
    'Run one program there, with its input, output and exit code: suan exec NAME -- nvidia-smi -L',
    '在其中运行一条命令，透传输入、输出与退出码：suan exec 名称 -- nvidia-smi -L',
  ),
  terminal: say('Open a shell there, without a key or an open port', '打开 Shell，无需密钥或开放端口'),
  optTty: say('with a terminal, for programs that draw', '分配终端，用于交互式程序'),
  ssh: say(
    'Open a shell on an instance or a node of a cluster, or run a command there',
    '登录实例或集群节点，或在其上执行命令',
  ),
  sshConfig: say('Print Host blocks for ~/.ssh/config', '输出 ~/.ssh/config 的 Host 配置'),
  sshCommand: say('command to run there', '要执行的命令'),
  optRank: say('node of a cluster, from 0', '集群节点序号，从 0 开始'),
  optIdentity: say('private key file', '私钥文件'),
  optLogin: say('user to log in as', '登录用户'),
  workloadName: say('id or name of an instance or a cluster', '实例或集群的 ID 或名称'),
  eventsFollow: say('go on with what happens, until Ctrl-C', '持续输出新事件，按 Ctrl-C 结束'),
  eventsAfter: say('begin after this event', '从该事件之后开始'),
  helpCommand: say(
    'Help on a command or a topic: exit-codes, environment, output',
    '命令或主题帮助：exit-codes、environment、output',
  ),
} as const;
