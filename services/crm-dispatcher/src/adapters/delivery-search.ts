import { type Delivery, type deliveriesRequest, destinationKey } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import type { z } from 'zod';

export type DeliveryQuery = z.output<typeof deliveriesRequest>;

export interface DeliveryPage {
  readonly deliveries: Delivery[];
  /** There may be more, behind this. */
  readonly next?: string;
}

interface Search {
  readonly redis: Redis;
  readonly index: string;
  /** Whether the index is by the time of the last change, else by that of the plan. */
  readonly byChange: boolean;
  readonly rows: (ids: readonly string[]) => Promise<Delivery[]>;
}

const pageSize = 200;
/** Rows looked at for one page; whoever wants to look further asks for the next. */
const maxExamined = 5000;

interface Place {
  readonly score: number;
  readonly id: string;
}

/** Newest first, from where the page before ended. */
export async function searchDeliveries(search: Search, query: DeliveryQuery): Promise<DeliveryPage> {
  const found: Delivery[] = [];
  const after = placeOf(query.after);
  let last: Place | undefined;
  for (let from = 0; from < maxExamined; from += pageSize) {
    const page = await placesFrom(search, { query, after, from });
    const rows = new Map((await search.rows(page.map(({ id }) => id))).map((row) => [row.workId, row]));
    for (const place of page) {
      if (after !== undefined && !isBehind(place, after)) continue;
      const row = rows.get(place.id);
      last = place;
      if (row !== undefined && fits(row, query)) found.push(row);
      if (found.length === query.limit) return { deliveries: found, next: textOf(place) };
    }
    if (page.length < pageSize) return { deliveries: found };
  }
  return { deliveries: found, ...(last === undefined ? {} : { next: textOf(last) }) };
}

const textOf = ({ score, id }: Place): string => `${score}.${id}`;

function placeOf(text: string | undefined): Place | undefined {
  const dot = text?.indexOf('.') ?? -1;
  return text === undefined || dot === -1 ? undefined : { score: Number(text.slice(0, dot)), id: text.slice(dot + 1) };
}

/** Redis orders what has the same score by name. */
const isBehind = (place: Place, after: Place): boolean =>
  place.score < after.score || (place.score === after.score && place.id < after.id);

interface Asked {
  readonly query: DeliveryQuery;
  readonly after: Place | undefined;
  readonly from: number;
}

async function placesFrom({ redis, index, byChange }: Search, { query, after, from }: Asked): Promise<Place[]> {
  const until = query.until === undefined || byChange ? '+inf' : `(${Date.parse(query.until)}`;
  const newest = after === undefined ? until : String(after.score);
  // Nothing changes before it is planned.
  const oldest = query.since === undefined ? '-inf' : String(Date.parse(query.since));
  const flat = await redis.zrevrangebyscore(index, newest, oldest, 'WITHSCORES', 'LIMIT', from, pageSize);
  return flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, score: Number(flat[at + 1]) }] : []));
}

const fits = (row: Delivery, query: DeliveryQuery): boolean =>
  (query.callId === undefined || row.callId === query.callId) &&
  (query.destination === undefined || destinationKey(row.destination) === query.destination) &&
  (query.kind === undefined || row.destination.kind === query.kind) &&
  (query.cause === undefined || row.cause === query.cause) &&
  (query.state === undefined || row.state === query.state) &&
  isWithin(row, query) &&
  (query.text === undefined || saysOf(row).includes(query.text.toLowerCase()));

const isWithin = ({ createdAt }: Delivery, { since, until }: DeliveryQuery): boolean =>
  (since === undefined || Date.parse(createdAt) >= Date.parse(since)) &&
  (until === undefined || Date.parse(createdAt) < Date.parse(until));

function saysOf({ workId, callId, url, destination, attempts }: Delivery): string {
  const { status, failure, responseBody } = attempts.at(-1) ?? {};
  const said = [
    workId,
    callId,
    url,
    destinationKey(destination),
    status,
    failure?.code,
    failure?.message,
    responseBody,
  ];
  return said.join('\n').toLowerCase();
}
