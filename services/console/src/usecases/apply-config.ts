import { ConfigRejected, type ConfigStore } from '@patchcord/bus';
import { configKinds, Failure } from '@patchcord/contracts';
import { actorOf } from '../domain/actor.ts';
import {
  type AcceptedPlan,
  type ConfigChange,
  type DocumentIssue,
  type DocumentPath,
  pathText,
  planApply,
} from '../domain/config-document.ts';
import { withPasswords } from '../domain/password-field.ts';

export interface ApplyConfig {
  readonly tenantId: string;
  readonly document: unknown;
  readonly prune: boolean;
  readonly dryRun: boolean;
  /** The API token that asks. */
  readonly tokenId: string;
  /** Where a place of the document stands, when it was a text. */
  readonly lineOf?: (path: DocumentPath) => number | undefined;
}

/** A line is sought through the whole document: so many are, of more nobody reads. */
const maxLines = 200;

/**
 * Applies a whole set of entities: all of it, or nothing when any part is refused.
 *
 * @throws ConfigRejected with every issue, by path and line; Failure permanent `conflict` when the token that asks
 * would remove itself
 */
export async function applyConfig(config: ConfigStore, command: ApplyConfig): Promise<ConfigChange[]> {
  const { tenantId, prune, dryRun, tokenId, lineOf } = command;
  const document = withPasswords(config.tenant(tenantId), command.document);
  const plan = planApply(config.tenant(tenantId), document, { tenantId, prune });
  if (!plan.ok) {
    throw new ConfigRejected(plan.issues.map((issue, at) => withLine(issue, at < maxLines ? lineOf : undefined)));
  }
  if (plan.changes.some(({ kind, id, change }) => kind === 'api-token' && id === tokenId && change === 'remove')) {
    throw selfRemoval(tokenId);
  }
  if (!dryRun) await store(config, command, plan);
  return [...plan.changes];
}

/** What refers goes before what it refers to; a document that is cut short by a crash is applied again as it is. */
async function store(
  config: ConfigStore,
  { tenantId, tokenId }: ApplyConfig,
  { entities, changes }: AcceptedPlan,
): Promise<void> {
  const actor = actorOf(tokenId);
  await config.applyAll(tenantId, entities, { actor });
  const removed = changes.filter(({ change }) => change === 'remove');
  for (const { kind, id } of removed.toSorted((a, b) => configKinds.indexOf(b.kind) - configKinds.indexOf(a.kind))) {
    await config.remove(tenantId, kind, id, { actor });
  }
}

export const selfRemoval = (tokenId: string): Failure =>
  new Failure(
    'permanent',
    'conflict',
    `this would remove "${tokenId}", the API token that asks: use another one for it`,
  );

function withLine(issue: DocumentIssue, lineOf: ApplyConfig['lineOf']): { path: string; message: string } {
  const line = lineOf?.(issue.path);
  const message = line === undefined ? issue.message : `${issue.message} (line ${line})`;
  return { path: pathText(issue.path), message };
}
