import { recordRetry } from '@patchcord/contracts';
import { settings } from '@patchcord/runtime';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../src/config.ts';

describe('settings', () => {
  it('work is tried as often and as long as the contract says', () => {
    expect(settings(settingsSchema, {}).DISPATCH_RETRY_DELAYS_MS).toEqual(recordRetry.delaysMs);
    expect(settings(settingsSchema, { DISPATCH_RETRY_DELAYS_MS: '0,500' }).DISPATCH_RETRY_DELAYS_MS).toEqual([0, 500]);
  });

  it.each(['5s', '1,,2', '-1'])('refuses %j as delays, and names the variable', (text) => {
    expect(() => settings(settingsSchema, { DISPATCH_RETRY_DELAYS_MS: text })).toThrow(/DISPATCH_RETRY_DELAYS_MS/);
  });

  it('a key of signed addresses that could be guessed is refused, and not shown', () => {
    const short = { SCREEN_POP_KEY: 'too-short' };
    expect(() => settings(settingsSchema, short)).toThrow(/SCREEN_POP_KEY: expected at least 32 characters/);
    expect(() => settings(settingsSchema, short)).not.toThrow(/too-short/);
    expect(() => settings(settingsSchema, { SCREEN_POP_PUBLIC_URL: 'pops.example' })).toThrow(/SCREEN_POP_PUBLIC_URL/);
  });
});
