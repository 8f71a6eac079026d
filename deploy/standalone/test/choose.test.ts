import { describe, expect, it } from 'vitest';
import { chooseSource, type Offer } from '../src/servers/choose.ts';

const everything: Offer = { url: 'nats://elsewhere:4222', onPath: true, docker: true, distribution: true };

describe('servers - where they come from', () => {
  it.each([
    [everything, 'url'],
    [{ ...everything, url: undefined }, 'binary'],
    [{ ...everything, url: '' }, 'binary'],
    [{ ...everything, url: undefined, onPath: false }, 'container'],
    [{ ...everything, url: undefined, onPath: false, docker: false }, 'distribution'],
    [{ url: undefined, onPath: false, docker: false, distribution: false }, 'none'],
  ] as const)('%j gives %s', (offer, kind) => {
    expect(chooseSource(offer).kind).toBe(kind);
  });
});
