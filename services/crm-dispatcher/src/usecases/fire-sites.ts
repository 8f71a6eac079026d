import type { ConfigStore } from '@patchcord/bus';
import { factsOf } from '../domain/facts.ts';
import type { Firing, Occasion } from '../domain/firings.ts';
import { requestJob } from '../domain/request-job.ts';
import type { TracedJob } from './enqueue-jobs.ts';
import type { FindContacts, FoundContacts } from './find-contacts.ts';
import type { OfferPop } from './offer-pop.ts';

/** A firing, the trace it belongs to, and when we heard of it. */
interface TracedFiring {
  readonly firing: Firing;
  /** ms since 1970. */
  readonly heardAt: number;
  readonly traceparent: string | undefined;
}

export interface FireSitesOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly findContacts: FindContacts;
  readonly offerPop: OfferPop;
}

/** Sets off sites: pops are put before their agents; what we send ourselves is given back as work. Safe to repeat. */
export type FireSites = (firings: readonly TracedFiring[]) => Promise<TracedJob[]>;

export function createFireSites(options: FireSitesOptions): FireSites {
  return async (firings) => {
    const contactsOf = eachOnce(options.findContacts);
    return (await Promise.all(firings.map((each) => fire(options, contactsOf, each)))).flat();
  };
}

async function fire(
  { config, offerPop }: FireSitesOptions,
  contactsOf: FindContacts,
  { firing, traceparent, heardAt }: TracedFiring,
): Promise<TracedJob[]> {
  const contacts = await contactsOf(firing.occasion);
  const facts = factsOf(config.tenant(firing.occasion.tenantId), firing.occasion, theOne(contacts));
  if (firing.by === 'server') return [{ job: requestJob(firing, facts), traceparent }];
  const job = await offerPop({ firing, facts, contacts, heardAt });
  return job === undefined ? [] : [{ job, traceparent }];
}

const theOne = (contacts: FoundContacts) => (contacts.length === 1 ? contacts[0] : undefined);

/** Several sites of one occasion are told of the same contact, looked up once. */
function eachOnce(find: FindContacts): FindContacts {
  const known = new Map<Occasion, Promise<FoundContacts>>();
  return (occasion) => {
    const found = known.get(occasion) ?? find(occasion);
    known.set(occasion, found);
    return found;
  };
}
