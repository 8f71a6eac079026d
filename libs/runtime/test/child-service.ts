// A service that the tests of runService start as a real process. What it shall do wrong comes by PATCHCORD_TEST_FAULT.
import { z } from 'zod';
import {
  baseSettings,
  choiceText,
  composeService,
  createHealth,
  createHttpServer,
  httpPart,
  runService,
} from '../src/index.ts';

const settingsSchema = z.object({
  ...baseSettings,
  PATCHCORD_TEST_FAULT: choiceText(['none', 'hang', 'reject', 'throw']).default('none'),
});

await runService({
  name: 'child',
  settingsSchema,
  create: ({ settings, bus, config, log }) => {
    const { HTTP_HOST: host, HTTP_PORT: port, PATCHCORD_TEST_FAULT: fault } = settings;
    const health = createHealth({ nats: () => bus.ready() });
    const http = httpPart({
      host,
      port,
      create: async () => {
        const app = await createHttpServer({ service: 'child', title: 'Child', log, config, health });
        app.get('/fault', () => {
          if (fault === 'reject') void Promise.reject(new Error('nobody handles this'));
          if (fault === 'throw') setImmediate(() => JSON.parse('{'));
          return 'ok';
        });
        return app;
      },
    });
    const stuck = { name: 'stuck', stop: () => (fault === 'hang' ? new Promise(() => undefined) : Promise.resolve()) };
    return composeService({ name: 'child', log, parts: [http, stuck], health });
  },
});
