import type { Locale } from '@suanxiang/domain/locale';

/** Fields whose values are words of a closed list, which have a Chinese form and a colour. */
const WORD_FIELDS = new Set(['state', 'status', 'from_state', 'to_state', 'previous_state', 'result']);

const ZH: Record<string, string> = {
  queued: '排队中',
  provisioning: '部署中',
  running: '运行中',
  stopping: '停止中',
  stopped: '已停止',
  starting: '启动中',
  interrupted: '已中断',
  failed: '失败',
  terminating: '释放中',
  terminated: '已释放',
  pending: '等待中',
  succeeded: '成功',
  superseded: '已取代',
  done: '完成',
  skipped: '已跳过',
  draft: '草稿',
  open: '进行中',
  closing: '结算中',
  final: '已出账',
  paid: '已支付',
  void: '已作废',
  canceled: '已取消',
  expired: '已过期',
  enabled: '启用',
  disabled: '停用',
  delivered: '已送达',
  active: '有效',
  invited: '已邀请',
  accepted: '已接受',
  revoked: '已吊销',
  approved: '已批准',
  denied: '已拒绝',
  withdrawn: '已撤回',
  requested: '已申请',
  issued: '已开具',
  rejected: '已驳回',
  success: '成功',
  unknown: '未知',
};

type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const COLOURS: Record<string, Colour> = {
  ...Object.fromEntries(
    ['running', 'succeeded', 'done', 'final', 'paid', 'enabled', 'delivered', 'active', 'approved', 'success'].map(
      (word) => [word, 'green' as const],
    ),
  ),
  ...Object.fromEntries(
    ['failed', 'interrupted', 'denied', 'rejected', 'void', 'revoked'].map((word) => [word, 'red' as const]),
  ),
  ...Object.fromEntries(
    ['queued', 'provisioning', 'starting', 'stopping', 'terminating', 'pending', 'closing', 'requested'].map((word) => [
      word,
      'yellow' as const,
    ]),
  ),
  ...Object.fromEntries(
    ['stopped', 'terminated', 'expired', 'canceled', 'disabled', 'skipped', 'superseded', 'withdrawn'].map((word) => [
      word,
      'dim' as const,
    ]),
  ),
};
const SGR: Record<Colour, string> = { green: '32', red: '31', yellow: '33', dim: '2', bold: '1' };

/** A text in a colour or style; without `color` as it is. */
export function paint(text: string, colour: Colour, color: boolean | undefined): string {
  return color && text ? `\u001b[${SGR[colour]}m${text}\u001b[0m` : text;
}

/** A word of a closed list as people read it; null when the field's values are no such words. */
export function wordText(field: string, value: string, locale: Locale): string | null {
  if (!WORD_FIELDS.has(field)) return null;
  return locale === 'zh-CN' ? (ZH[value] ?? value) : value;
}

/** Colour of a value: of words of closed lists only. */
export function colourOf(field: string, value: unknown): Colour | null {
  return WORD_FIELDS.has(field) && typeof value === 'string' ? (COLOURS[value] ?? null) : null;
}
