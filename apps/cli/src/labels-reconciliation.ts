/** Chinese names of the fields of the operator's comparison of records. */
export const RECONCILIATION_LABELS_ZH: Record<string, string> = {
  month: '月份',
  periods: '已结账期',
  invoices: '账单',
  payments: '付款',
  differences: '差异数',
  subject_id: '对象 ID',
  related: '相关记录',
  expected: '应为',
  found: '实为',
};
