/** Why a session ended, as the reason of the close frame, and its code there. Reasons are stable; texts are the client's. */
export const CLOSE_CODES = {
  exited: 1000,
  server_stopping: 1012,
  ticket_invalid: 4401,
  credential_ended: 4402,
  permission_lost: 4403,
  not_running: 4404,
  idle: 4408,
  too_long: 4409,
  too_many_sessions: 4429,
  slow_reader: 4413,
  invalid_message: 4400,
  machine_lost: 4502,
  unavailable: 4503,
} as const;
export type CloseReason = keyof typeof CLOSE_CODES;
