/** Chinese names of the fields of events and webhooks. */
export const EVENT_LABELS: Record<string, string> = {
  type: '类型',
  data: '内容',
  max_seconds: '最长秒数',
  url: '地址',
  event_types: '事件类型',
  failing_since: '开始失败时间',
  old_secret_until: '旧密钥有效至',
  webhook: 'Webhook',
  webhook_id: 'Webhook',
  event_id: '事件',
  next_attempt_at: '下次尝试',
  attempts: '尝试',
  duration_ms: '耗时（毫秒）',
  delivery_id: '投递',
};
