import account from '../../messages/en/account.json';
import apiKeys from '../../messages/en/apiKeys.json';
import audit from '../../messages/en/audit.json';
import auth from '../../messages/en/auth.json';
import billing from '../../messages/en/billing.json';
import brand from '../../messages/en/brand.json';
import budgets from '../../messages/en/budgets.json';
import clusters from '../../messages/en/clusters.json';
import commands from '../../messages/en/commands.json';
import common from '../../messages/en/common.json';
import costs from '../../messages/en/costs.json';
import creditNotes from '../../messages/en/creditNotes.json';
import errors from '../../messages/en/errors.json';
import events from '../../messages/en/events.json';
import fapiao from '../../messages/en/fapiao.json';
import instances from '../../messages/en/instances.json';
import invoices from '../../messages/en/invoices.json';
import landing from '../../messages/en/landing.json';
import launch from '../../messages/en/launch.json';
import mails from '../../messages/en/mails.json';
import members from '../../messages/en/members.json';
import nav from '../../messages/en/nav.json';
import onboarding from '../../messages/en/onboarding.json';
import operator from '../../messages/en/operator.json';
import operatorBilling from '../../messages/en/operatorBilling.json';
import overview from '../../messages/en/overview.json';
import preferences from '../../messages/en/preferences.json';
import pricing from '../../messages/en/pricing.json';
import problem from '../../messages/en/problem.json';
import projects from '../../messages/en/projects.json';
import queue from '../../messages/en/queue.json';
import quotas from '../../messages/en/quotas.json';
import scheduling from '../../messages/en/scheduling.json';
import scope from '../../messages/en/scope.json';
import settings from '../../messages/en/settings.json';
import shell from '../../messages/en/shell.json';
import sshKeys from '../../messages/en/sshKeys.json';
import tenants from '../../messages/en/tenants.json';
import terms from '../../messages/en/terms.json';
import titles from '../../messages/en/titles.json';
import usage from '../../messages/en/usage.json';
import user from '../../messages/en/user.json';
import webhooks from '../../messages/en/webhooks.json';
import workload from '../../messages/en/workload.json';

export const en = {
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
