import type { AnswerPart, CallRecord, CrmConnection, Failure, RoutingInput } from '@patchcord/contracts';
import type { Egress, EgressOutcome } from '@patchcord/egress';

/** What a connector needs to speak to one CRM. */
export interface ConnectorContext {
  readonly egress: Pick<Egress, 'send'>;
  readonly connection: CrmConnection;
  /** For the whole operation, however many requests it takes. */
  readonly timeoutMs: number;
  /** Sent with every request beside the connection's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface LookupQuery {
  /** The one field of the customer's record that is asked for. */
  readonly fieldName: string;
  readonly input: RoutingInput;
}

/** `not-found`: the CRM answered, and knows no such customer or has no value. */
export type LookupResult =
  | { readonly outcome: 'found'; readonly value: string; readonly read?: AnswerPart }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'failed'; readonly failure: Failure };

/** One kind of CRM. Adding one is a folder beside the others and a line in the registry. */
export interface Connector {
  readonly name: string;
  lookup(ctx: ConnectorContext, query: LookupQuery): Promise<LookupResult>;
  /**
   * Writes the record under its `recordId`: writing the same one again leaves one. The outcome is that of the request
   * that decided. Never throws for what the CRM did.
   */
  logCall(ctx: ConnectorContext, record: CallRecord, idempotencyKey: string): Promise<EgressOutcome>;
}
