/** Chinese names of the fields of members, invitations, quotas and impersonation. */
export const TENANCY_LABELS_ZH: Record<string, string> = {
  user_id: '用户 ID',
  membership_id: '成员 ID',
  project_roles: '项目角色',
  project_role: '项目角色',
  invited_by: '邀请人',
  sends: '发送次数',
  sent_at: '发送时间',
  accepted_at: '接受时间',
};
