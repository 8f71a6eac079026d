import type { Campaign } from './campaign.ts';
import type { Memorialization } from './memorialization.ts';
import type { TenantConfig } from './registry.ts';

interface Problem {
  readonly path: string;
  readonly expected: string;
}

/** What of a memorialization does not go with its connection. */
export function memorializationProblems(config: TenantConfig, { connection: id }: Memorialization): Problem[] {
  if (config['crm-connection'].get(id)?.connector !== 'http-json') return [];
  const expected = `a connection to a CRM with fields: "${id}" takes whole records, name it in "records" of a campaign`;
  return [{ path: 'connection', expected }];
}

/** A conversation stands once in the timeline of a CRM. */
export function campaignMemorializationProblems(config: TenantConfig, { memorialize }: Campaign): Problem[] {
  const all = memorialize.map((id) => config.memorialization.get(id));
  return all.flatMap((one, i) => {
    const other = one === undefined ? undefined : all.slice(0, i).find((earlier) => clashes(earlier, one));
    if (one === undefined || other === undefined) return [];
    const expected = `one timeline in "${one.connection}" for each channel: "${other.id}" and "${one.id}" both write it`;
    return [{ path: `memorialize[${i}]`, expected }];
  });
}

const clashes = (one: Memorialization | undefined, other: Memorialization): boolean =>
  one !== undefined &&
  one.connection === other.connection &&
  one.timeline !== false &&
  other.timeline !== false &&
  one.channels.some((channel) => other.channels.includes(channel));
