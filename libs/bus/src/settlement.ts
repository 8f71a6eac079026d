import { metrics } from '@opentelemetry/api';
import {
  type AnyEvent,
  asFailure,
  type DeadLetter,
  type EventIssue,
  Failure,
  parseEventSubject,
} from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { createDeadLetters } from './dead-letters.ts';
import type { Delivery } from './delivery.ts';
import { contextOf, type Item } from './item.ts';
import type { MessageContext } from './message-context.ts';
import { type VerdictPolicy, verdictOf } from './verdict.ts';

export interface SettlementOptions extends VerdictPolicy {
  readonly service: string;
  readonly durable: string;
  readonly onError: ((failure: Failure, ctx: MessageContext, fate: 'redeliver' | 'dead-letter') => void) | undefined;
  /** Called once for each delivery, when the server was told what became of it. */
  readonly release: (delivery: Delivery) => void;
}

/** Tells the server what became of each delivery. */
export interface Settlement {
  succeeded(item: Item<AnyEvent>): void;
  failed(item: Item<AnyEvent>, thrown: unknown): Promise<void>;
  /** Handed over but not begun when the consumption stopped. */
  giveBack(item: Item<AnyEvent>): void;
  unreadable(delivery: Delivery, why: { code: 'invalid' | 'unknown_type'; issues: readonly EventIssue[] }): void;
}

export function createSettlement(bus: Bus, options: SettlementOptions): Settlement {
  const count = messageCounter(options.durable);
  const deadLetters = createDeadLetters(bus);

  const redeliver = (delivery: Delivery, failure: Failure, delayMs: number): void => {
    delivery.nak(delayMs);
    count('redelivered');
    options.onError?.(failure, contextOf(delivery), 'redeliver');
  };
  const bury = async (delivery: Delivery, failure: Failure, event?: AnyEvent): Promise<void> => {
    try {
      await deadLetters.add(letterOf(delivery, failure, options, event));
    } catch (error) {
      return redeliver(delivery, asFailure(error), options.redeliveryDelaysMs.at(-1) ?? 1000);
    }
    delivery.term();
    count('dead');
    options.onError?.(failure, contextOf(delivery), 'dead-letter');
  };
  return {
    succeeded: ({ delivery }) => {
      delivery.ack();
      count('handled');
      options.release(delivery);
    },
    failed: async ({ delivery, event }, thrown) => {
      const verdict = verdictOf(asFailure(thrown), delivery.count, options, new Date());
      if (verdict.kind === 'dead-letter') await bury(delivery, verdict.failure, event);
      else redeliver(delivery, asFailure(thrown), verdict.delayMs);
      options.release(delivery);
    },
    giveBack: ({ delivery }) => {
      delivery.nak(0);
      options.release(delivery);
    },
    unreadable: (delivery, { code, issues }) => {
      if (code === 'unknown_type') {
        // A newer version of a neighbour may publish events that this one does not know yet.
        delivery.ack();
        count('unknown');
        return options.release(delivery);
      }
      const findings = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
      const failure = new Failure('permanent', 'invalid_event', findings.slice(0, 2000));
      void bury(delivery, failure).then(() => options.release(delivery));
    },
  };
}

function messageCounter(consumer: string): (outcome: string) => void {
  const counter = metrics.getMeter('@patchcord/bus').createCounter('patchcord_bus_messages_total', {
    description: 'Messages of durable consumers by what became of them',
  });
  return (outcome) => counter.add(1, { consumer, outcome });
}

/** A letter must fit into a message with its quotes escaped; a larger payload is read from its stream when needed. */
const maxPayloadLength = 256 * 1024;

function letterOf(delivery: Delivery, failure: Failure, options: SettlementOptions, event?: AnyEvent): DeadLetter {
  const { stream, subject, sequence, messageId, data } = delivery;
  return {
    id: `${options.durable}-${stream}-${sequence}`,
    kind: 'message',
    tenantId: parseEventSubject(subject)?.tenant ?? 'unknown',
    service: options.service,
    consumer: options.durable,
    failure: failure.toData(),
    attempts: delivery.count,
    firstSeenAt: delivery.storedAt.toISOString(),
    diedAt: new Date().toISOString(),
    ...(event?.correlationid === undefined ? {} : { callId: event.correlationid }),
    original: { stream, subject, sequence, ...(messageId === undefined ? {} : { messageId }) },
    ...(data.length > maxPayloadLength ? {} : { payload: new TextDecoder().decode(data) }),
  };
}
