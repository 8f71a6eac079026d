import { callRpc } from '@patchcord/bus';
import { Failure, parseJson, rpc } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { type OmniLeadsDeps, path } from './deps.ts';
import { type Fields, fieldsOf, refuse } from './fields.ts';
import { schemas } from './schemas.ts';

const onRequest = requireScope('recordings:read');
const tags = ['omnileads'];
const timeoutMs = 5000;
/** So many in one request. */
const mostFiles = 500;

/** `/api/v1/grabacion/...`: recordings by the names of their files, as sites are told them (`rec_filename`). */
export function registerRecordingPaths(app: HttpServer, { bus }: Pick<OmniLeadsDeps, 'bus'>): void {
  const linksOf = async ({ tenantId, agentId: onlyOf }: Identity, fileNames: string[], ttlSeconds: number) =>
    (await callRpc(bus, rpc.linkRecordings, { tenantId, fileNames, onlyOf, ttlSeconds }, { timeoutMs })).links;

  const one = {
    summary: 'OMniLeads: the file of a recording; redirects to a link that ends soon',
    tags,
    ...schemas.recording,
  };
  path(app, { method: 'GET', url: '/api/v1/grabacion/archivo/', onRequest, schema: one }, async (request, reply) => {
    const { filename } = request.query as { readonly filename?: unknown };
    if (typeof filename !== 'string' || filename === '') return refuse('filename', 'expected the name of a file');
    const [link] = await linksOf(identityOf(request), [filename], soonSeconds);
    if (link !== undefined) return reply.redirect(link.url, 302);
    throw new Failure('permanent', 'not_found', 'there is no recording of this name, or it is too long ago');
  });

  const many = { summary: 'OMniLeads: links to several recordings, good for an hour', tags, ...schemas.recordings };
  const download = { method: 'POST', url: '/api/v1/grabacion/descarga_masiva/', onRequest, schema: many } as const;
  path(app, download, async (request) => {
    const links = await linksOf(identityOf(request), namesIn(fieldsOf(request)), hourSeconds);
    const files = links.map(({ fileName, url, expiresAt }) => ({ filename: fileName, url, expires_at: expiresAt }));
    return { status: 'OK', msg: 'each file by its own link', files };
  });
}

const soonSeconds = 60;
const hourSeconds = 3600;

/** `files`: a list, as such or as the text of one; of names, or of objects with one. */
function namesIn(fields: Fields): string[] {
  const given = fields.get('files');
  const list: unknown = typeof given === 'string' ? parseJson(given) : given;
  const expected = `expected a list of 1 to ${mostFiles} names of files`;
  if (!Array.isArray(list) || list.length === 0 || list.length > mostFiles) return refuse('files', expected);
  return list.map((item: unknown) => nameOf(item) ?? refuse('files', expected));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item === '' ? undefined : item;
  if (typeof item !== 'object' || item === null) return undefined;
  const { filename, archivo } = item as { readonly filename?: unknown; readonly archivo?: unknown };
  return nameOf(typeof filename === 'string' ? filename : typeof archivo === 'string' ? archivo : undefined);
}
