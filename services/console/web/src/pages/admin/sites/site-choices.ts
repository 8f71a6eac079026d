import type { ExternalSite, SiteFormat, SiteTarget } from '@patchcord/contracts';
import { every } from '../../../parts/every.ts';

/** Choices of a site that exclude each other. */
export interface SiteChoices {
  readonly trigger: ExternalSite['trigger'];
  readonly method: ExternalSite['method'];
  readonly format: SiteFormat | null;
  readonly target: SiteTarget;
}

/** What can still be chosen, and the key of the sentence that says why nothing else can. */
interface Open<Choice> {
  readonly open: readonly Choice[];
  readonly because?: 'getHasNoBody' | 'browserCannot' | 'noBrowser' | 'jsonShowsNothing' | 'mustBeShown';
}

const all = every<SiteFormat>({ json: true, urlencoded: true, multipart: true, text: true });
const shown: readonly SiteTarget[] = ['embedded', 'new-tab'];

const isPutOrPatch = (method: SiteChoices['method']): boolean => method === 'PUT' || method === 'PATCH';
const isOfBrowser = (trigger: SiteChoices['trigger']): boolean => trigger === 'agent' || trigger === 'automatic';

export function openFormats({ trigger, method }: Pick<SiteChoices, 'trigger' | 'method'>): Open<SiteFormat> {
  if (method === 'GET') return { open: [], because: 'getHasNoBody' };
  return isOfBrowser(trigger) && isPutOrPatch(method) ? { open: ['json'], because: 'browserCannot' } : { open: all };
}

export function openTargets({ trigger, method, format }: Omit<SiteChoices, 'target'>): Open<SiteTarget> {
  if (trigger === 'server') return { open: ['none'], because: 'noBrowser' };
  if (format === 'json') return { open: ['none'], because: 'jsonShowsNothing' };
  if (isOfBrowser(trigger) || method === 'GET') return { open: shown, because: 'mustBeShown' };
  return isPutOrPatch(method) ? { open: ['none'], because: 'browserCannot' } : { open: ['none', ...shown] };
}

/** With what was chosen last: whatever no longer goes with it becomes the first that does. */
export function fitting<Choices extends SiteChoices>(choices: Choices): Choices {
  const { open } = openFormats(choices);
  const format = choices.format !== null && open.includes(choices.format) ? choices.format : (open[0] ?? null);
  const targets = openTargets({ ...choices, format }).open;
  const target = targets.includes(choices.target) ? choices.target : (targets[0] ?? 'none');
  return { ...choices, format, target };
}
