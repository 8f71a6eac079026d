import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { MailServer } from '@patchcord/contracts';
import type { MailOutcome } from './mail.ts';

/** A span of the client around a message. It tells the server, counts and codes; nobody's address, no subject. */
export function inMailSpan(server: MailServer, run: () => Promise<MailOutcome>): Promise<MailOutcome> {
  const attributes = {
    'network.protocol.name': 'smtp',
    'server.address': server.host,
    'server.port': server.port,
  };
  const options = { kind: SpanKind.CLIENT, attributes };
  return trace.getTracer('@patchcord/egress').startActiveSpan('send mail', options, async (span) => {
    try {
      return noted(span, await run());
    } finally {
      span.end();
    }
  });
}

function noted(span: Span, outcome: MailOutcome): MailOutcome {
  if (outcome.ok) {
    span.setAttribute('patchcord.mail.accepted', outcome.accepted);
    span.setAttribute('patchcord.mail.refused', outcome.refused.length);
  } else {
    span.setAttribute('error.type', outcome.failure.code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.failure.code });
  }
  return outcome;
}
