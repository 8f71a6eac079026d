import type { FailureClass } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { type ToldCode, toldCode } from './refusal-codes.ts';

/** What was refused, by the API or by whom it asked. */
export interface Refused {
  readonly code: string;
  /** In English, by whoever saw it. */
  readonly message: string;
  readonly class?: FailureClass;
  /** Of the API's answer: it tells the class where the answer does not. 0: none came. */
  readonly status?: number | undefined;
}

export interface RefusalText {
  /** What happened and what to do next, in the language of the page. */
  readonly says: string;
  /** What was said of it, where that tells more. */
  readonly detail?: string;
}

/** Their own sentence says the same once more. */
const toldWhole: ReadonlySet<string> = new Set([
  'agent_busy',
  'agent_declined',
  'agent_no_answer',
  'circuit_open',
  'connect_timeout',
  'connection_refused',
  'connection_reset',
  'consent_not_needed',
  'consent_unknown',
  'crm_away',
  'dead_letter_not_found',
  'destination_throttled',
  'dns_not_found',
  'http_refused',
  'internal',
  'mail_login_impossible',
  'mail_too_large',
  'mail_unconfirmed',
  'plain_refused',
  'rate_limited',
  'revision_conflict',
  'sign_in_unknown',
  'superseded',
  'tls_handshake_failed',
  'too_many_streams',
  'too_many_tries',
  'unauthorized',
  'unreachable',
  'upload_broken',
] satisfies ToldCode[]);

/** The words for refusals, in the language of the page. */
export function useRefusalText(): (refused: Refused) => RefusalText {
  const { t } = useTranslation();
  return ({ code, message, class: failureClass, status }) => {
    if (status === 0) return { says: t('common.unreachable') };
    const codes = t('refusals.codes', { returnObjects: true });
    const told = toldCode(code, codes);
    const says = told === undefined ? t(`refusals.classes.${failureClass ?? classOf(status)}`) : codes[told];
    return message === '' || toldWhole.has(code) ? { says } : { says, detail: message };
  };
}

/** As the API chooses its status by the class. */
function classOf(status = 400): FailureClass {
  if (status === 500) return 'defect';
  if (status === 502 || status === 504) return 'transient';
  if (status > 500) return 'own-trouble';
  return status === 429 ? 'throttled' : 'permanent';
}
