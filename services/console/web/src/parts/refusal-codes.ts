import type { en } from '../i18n/en/index.ts';

/** Codes that have words of their own. */
export type ToldCode = keyof (typeof en)['refusals']['codes'];

/** Codes that say the same to people as another one: the API's own sentence tells them apart. */
const sameAs: Readonly<Record<string, ToldCode>> = {
  // The page's own: not even a refusal was answered.
  no_answer: 'unavailable',
  agent_state_busy: 'write_conflict',
  answer_field_missing: 'answer_unreadable',
  answer_html: 'answer_unreadable',
  answer_too_long: 'answer_unreadable',
  answer_without_id: 'answer_unreadable',
  authentication_defect: 'internal',
  authentication_not_found: 'authentication_missing',
  config_unavailable: 'unavailable',
  connection_not_found: 'connection_unknown',
  connector_missing: 'connection_unknown',
  consent_invalid: 'consent_unknown',
  consumer_unavailable: 'unavailable',
  contacts_unavailable: 'unavailable',
  contended: 'write_conflict',
  crm_activities: 'crm_unable',
  crm_answer_too_long: 'crm_answer',
  crm_changed: 'crm_locked',
  crm_conflict: 'crm_locked',
  crm_cursor: 'crm_unfit',
  crm_dictionary: 'crm_unable',
  crm_expression: 'crm_query',
  crm_fault: 'crm_busy',
  crm_id: 'crm_unfit',
  crm_key: 'crm_unfit',
  crm_key_column: 'crm_unfit',
  crm_link: 'crm_unfit',
  crm_module: 'crm_unfit',
  crm_moving: 'crm_locked',
  crm_no_calls: 'crm_unable',
  crm_no_mail_search: 'crm_unable',
  crm_no_relation: 'crm_unfit',
  crm_presence: 'crm_unable',
  crm_session: 'crm_busy',
  crm_stopped: 'crm_busy',
  crm_unknown_attribute: 'crm_unknown_column',
  crm_upsert_key: 'crm_unfit',
  crm_user: 'crm_unfit',
  destination_missing: 'destination_removed',
  dns_unavailable: 'unavailable',
  filter_unfit: 'crm_query',
  identification_asks_nobody: 'rule_incomplete',
  identification_not_found: 'rule_not_found',
  invalid: 'invalid_event',
  invalid_reply: 'unavailable',
  job_id_invalid: 'internal',
  job_invalid: 'internal',
  mail_defect: 'internal',
  malformed_body: 'unsupported_media_type',
  message_too_large: 'payload_too_large',
  method_not_allowed: 'unsupported_media_type',
  module_not_standard: 'crm_unfit',
  nats_unavailable: 'unavailable',
  no_responders: 'unavailable',
  no_status: 'unavailable',
  not_a_job: 'not_replayable',
  not_a_message: 'not_replayable',
  path_value_missing: 'parameter_missing',
  person_disabled: 'person_refused',
  placeholder_refused: 'parameter_missing',
  provider_gone: 'person_refused',
  publish_failed: 'unavailable',
  record_ambiguous: 'crm_ambiguous',
  redis_unavailable: 'unavailable',
  refresh_token_replaced: 'write_conflict',
  request_invalid: 'url_invalid',
  rpc_timeout: 'unavailable',
  run_lost: 'unavailable',
  secret_key_unknown: 'secret_unreadable',
  secrets_unavailable: 'unavailable',
  session_gone: 'call_gone',
  session_unknown: 'call_unknown',
  shutting_down: 'unavailable',
  sockets_exhausted: 'unavailable',
  stream_closed: 'unavailable',
  tenant_mismatch: 'internal',
  told: 'destination_throttled',
  unexpected: 'internal',
  unknown_type: 'invalid_event',
  version_conflict: 'revision_conflict',
};

/** By how a code begins, where something else is written behind: `http_503`. */
const beginnings: readonly (readonly [beginning: string, told: ToldCode])[] = [
  ['ami_', 'pbx_failed'],
  ['agi_', 'pbx_failed'],
  ['http_5', 'http_5'],
  ['http_', 'http_4'],
  ['smtp_4', 'smtp_4'],
  ['smtp_', 'smtp_5'],
  ['tls_', 'certificate_invalid'],
  ['token_', 'token_failed'],
];

/** The code whose words are shown for a code; undefined where there are none. */
export function toldCode(code: string, codes: Readonly<Record<string, unknown>>): ToldCode | undefined {
  const same = sameAs[code];
  if (same !== undefined) return same;
  if (Object.hasOwn(codes, code)) return code as ToldCode;
  return beginnings.find(([beginning]) => code.startsWith(beginning))?.[1];
}
