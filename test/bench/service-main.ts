// One service alone in its process, as operators run it, beside a house that has the rest: BENCH_SERVICES names it.
import { createPortBook, startHouse } from '@patchcord/standalone';
import { sayReady } from './child.ts';
import { fastAgiSettings } from './fast-agi.ts';

const ports = createPortBook(() => undefined);
const agiPort = await ports.take('FastAGI', 4573);
const name = process.env.BENCH_SERVICES ?? '';
const house = await startHouse({
  ports,
  only: [name],
  env: {
    ...fastAgiSettings(agiPort),
    LOG_LEVEL: 'warn',
    EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
    NATS_URL: process.env.NATS_URL ?? '',
    REDIS_URL: process.env.REDIS_URL ?? '',
  },
});
sayReady({ url: house.urls[name] ?? '', agiPort });
process.on('SIGTERM', () => void house.stop().then(() => process.exit(0)));
