import { type Bus, callRpc } from '@patchcord/bus';
import { memorializationPreviewReply, memorializationSample, rpc } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

/** The CRM is asked how long its fields are (ms). */
const timeoutMs = 20_000;

const body = z
  .strictObject({
    memorialization: z
      .record(z.string(), z.unknown())
      .meta({ description: 'A memorialization as it would be stored; it need not be' }),
    sample: memorializationSample.prefault({}).meta({ description: 'What the made-up conversation was like' }),
  })
  .meta({
    id: 'MemorializationPreview',
    examples: [
      {
        memorialization: {
          connection: 'crm',
          entities: [{ module: 'Contact', fields: [{ field: 'Description', text: 'Last call: {disposition.name}' }] }],
        },
        sample: { comments: 'Sends the order again.' },
      },
    ],
  });

/** `POST /v1/memorialization/preview`: what would be written, with what is cut. */
export function registerMemorializationPreview(app: HttpServer, { bus }: { readonly bus: Bus }): void {
  const schema = {
    summary: 'What a memorialization would write for a made-up conversation. Nothing is written',
    tags: ['configuration'],
    body,
    response: { 200: memorializationPreviewReply },
  };
  app.post('/v1/memorialization/preview', { onRequest: requireScope('admin'), schema }, ({ tenantId, body: asked }) => {
    // One that is not stored yet may have neither.
    const memorialization = { ...asked.memorialization, id: 'preview', name: 'Preview' };
    return callRpc(bus, rpc.previewMemorialization, { tenantId, memorialization, sample: asked.sample }, { timeoutMs });
  });
}
