// A routing decider alone in its process, as operators run it, beside a house that has the rest.
import { createPortBook, startHouse } from '@patchcord/standalone';
import { sayReady } from './child.ts';
import { fastAgiSettings } from './fast-agi.ts';

const ports = createPortBook(() => undefined);
const agiPort = await ports.take('FastAGI', 4573);
const house = await startHouse({
  ports,
  only: ['routing-decider'],
  env: {
    ...fastAgiSettings(agiPort),
    LOG_LEVEL: 'warn',
    NATS_URL: process.env.NATS_URL ?? '',
    REDIS_URL: process.env.REDIS_URL ?? '',
  },
});
sayReady({ url: house.urls['routing-decider'] ?? '', agiPort });
process.on('SIGTERM', () => void house.stop().then(() => process.exit(0)));
