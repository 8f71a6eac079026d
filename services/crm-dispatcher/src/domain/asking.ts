import { type AskingTexts, Failure } from '@patchcord/contracts';
import { type AskingFacts, renderAsking } from '@patchcord/expressions';

/** A routing rule or an identification whose URL and headers tell of this caller. */
export function filled<Entity extends AskingTexts>(entity: Entity, facts: AskingFacts): Entity | Failure {
  const rendered = renderAsking(entity, facts);
  if (!rendered.ok)
    return new Failure('permanent', 'placeholder_refused', `${rendered.parameter}: ${rendered.message}`);
  const { url, headers } = rendered.value;
  return { ...entity, ...(entity.url === undefined ? {} : { url }), headers };
}
