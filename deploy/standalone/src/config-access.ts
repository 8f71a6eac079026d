import { type ConfigStore, connectBus, ensureTopology, openConfig } from '@patchcord/bus';
import { baseSettings, type Secret } from '@patchcord/runtime';
import type { z } from 'zod';

/** Settings of a one-time job that writes the configuration itself, without the console and so without a token. */
export const configAccessSettings = {
  NATS_URL: baseSettings.NATS_URL,
  NATS_USER: baseSettings.NATS_USER,
  NATS_PASSWORD: baseSettings.NATS_PASSWORD,
} as const;

type Access = {
  readonly [Name in keyof typeof configAccessSettings]?: z.output<(typeof configAccessSettings)[Name]>;
} & {
  readonly NATS_URL: string;
  readonly NATS_PASSWORD?: Secret | undefined;
};

/** Runs `work` with the configuration of the services that use this NATS; streams and bucket are made if need be. */
export async function withConfig(access: Access, work: (config: ConfigStore) => Promise<void>): Promise<void> {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = access;
  const bus = await connectBus({
    url,
    name: 'config-job',
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password.reveal() }),
  });
  try {
    await ensureTopology(bus);
    const config = await openConfig(bus);
    await work(config);
    await config.close();
  } finally {
    await bus.close();
  }
}
