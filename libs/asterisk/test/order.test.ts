import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyEvent, fold, inOrder, orderKey, renderStory, sessionsOf, storyOf } from '@patchcord/call-model';
import { type AnyEvent, compareEvents, isCallEvent, type Session, session } from '@patchcord/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingEvents } from '../src/index.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const names = readdirSync(fixtures).flatMap((file) => (file.endsWith('.ami.jsonl') ? [file.slice(0, -10)] : []));
const read = (name: string): AnyEvent[] => recordingEvents(join(fixtures, `${name}.ami.jsonl`));

/** Any order, any event any number of times, none missing. */
const shuffled = (events: readonly AnyEvent[]): fc.Arbitrary<AnyEvent[]> =>
  fc
    .array(fc.constantFrom(...events), { maxLength: events.length })
    .chain((again) => fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length }));

describe('order - canonical events of every recording', () => {
  it.each(names)('%s - shuffled and duplicated they give the same sessions and the same story', (name) => {
    const events = read(name);
    const sessions = sessionsOf(events);
    const story = renderStory(storyOf(events));
    const numRuns = events.length > 200 ? 5 : 25;
    fc.assert(
      fc.property(shuffled(events), (mixed) => {
        expect(sessionsOf(mixed)).toEqual(sessions);
        expect(renderStory(storyOf(mixed))).toBe(story);
      }),
      { numRuns },
    );
  });

  it.each(names)('%s - applied one by one they give what the fold gives, at every step', (name) => {
    const calls = Map.groupBy(inOrder(read(name).filter(isCallEvent)), (event) => event.subject);
    for (const events of calls.values()) {
      let live: Session | undefined;
      for (const [index, event] of events.entries()) {
        live = applyEvent(live, event);
        expect(live).toEqual(fold(events.slice(0, index + 1)));
        expect(live.version).toBe(index + 1);
      }
    }
  });

  it.each(names)('%s - any part of them gives a valid session', (name) => {
    const calls = Map.groupBy(read(name).filter(isCallEvent), (event) => event.subject);
    const some = [...calls.values()].slice(0, 2);
    for (const events of some) {
      fc.assert(
        fc.property(fc.shuffledSubarray(events, { minLength: 1 }), (part) => {
          expect(session.parse(fold(part))).toMatchObject({ callId: events[0]?.subject });
        }),
        { numRuns: 25 },
      );
    }
  });

  it('the order key sorts as the events do', () => {
    const events = read('s8_race').slice(0, 120);
    fc.assert(
      fc.property(fc.constantFrom(...events), fc.constantFrom(...events), (a, b) => {
        const byKey = Math.sign(Number(orderKey(a) > orderKey(b)) - Number(orderKey(a) < orderKey(b)));
        expect(byKey).toBe(Math.sign(compareEvents(a, b)));
      }),
    );
  });
});
