import account from '../../messages/zh-CN/account.json';
import apiKeys from '../../messages/zh-CN/apiKeys.json';
import audit from '../../messages/zh-CN/audit.json';
import auth from '../../messages/zh-CN/auth.json';
import billing from '../../messages/zh-CN/billing.json';
import brand from '../../messages/zh-CN/brand.json';
import budgets from '../../messages/zh-CN/budgets.json';
import clusters from '../../messages/zh-CN/clusters.json';
import commands from '../../messages/zh-CN/commands.json';
import common from '../../messages/zh-CN/common.json';
import costs from '../../messages/zh-CN/costs.json';
import creditNotes from '../../messages/zh-CN/creditNotes.json';
import errors from '../../messages/zh-CN/errors.json';
import events from '../../messages/zh-CN/events.json';
import fapiao from '../../messages/zh-CN/fapiao.json';
import instances from '../../messages/zh-CN/instances.json';
import invoices from '../../messages/zh-CN/invoices.json';
import landing from '../../messages/zh-CN/landing.json';
import launch from '../../messages/zh-CN/launch.json';
import mails from '../../messages/zh-CN/mails.json';
import members from '../../messages/zh-CN/members.json';
import nav from '../../messages/zh-CN/nav.json';
import onboarding from '../../messages/zh-CN/onboarding.json';
import operator from '../../messages/zh-CN/operator.json';
import operatorBilling from '../../messages/zh-CN/operatorBilling.json';
import overview from '../../messages/zh-CN/overview.json';
import preferences from '../../messages/zh-CN/preferences.json';
import pricing from '../../messages/zh-CN/pricing.json';
import problem from '../../messages/zh-CN/problem.json';
import projects from '../../messages/zh-CN/projects.json';
import queue from '../../messages/zh-CN/queue.json';
import quotas from '../../messages/zh-CN/quotas.json';
import scheduling from '../../messages/zh-CN/scheduling.json';
import scope from '../../messages/zh-CN/scope.json';
import settings from '../../messages/zh-CN/settings.json';
import shell from '../../messages/zh-CN/shell.json';
import sshKeys from '../../messages/zh-CN/sshKeys.json';
import tenants from '../../messages/zh-CN/tenants.json';
import terms from '../../messages/zh-CN/terms.json';
import titles from '../../messages/zh-CN/titles.json';
import usage from '../../messages/zh-CN/usage.json';
import user from '../../messages/zh-CN/user.json';
import webhooks from '../../messages/zh-CN/webhooks.json';
import workload from '../../messages/zh-CN/workload.json';

export const zh = {
  account,
  apiKeys,
  audit,
  auth,
  billing,
  brand,
  budgets,
  clusters,
  commands,
  common,
  costs,
  creditNotes,
  errors,
  events,
  instances,
  invoices,
  landing,
  launch,
  mails,
  members,
  nav,
  onboarding,
  operator,
  operatorBilling,
  overview,
  preferences,
  pricing,
  problem,
  projects,
  queue,
  fapiao,
  quotas,
  scheduling,
  scope,
  settings,
  shell,
  sshKeys,
  tenants,
  titles,
  terms,
  usage,
  user,
  webhooks,
  workload,
};
