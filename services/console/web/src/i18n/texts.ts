import type { administration } from './en/administration.ts';
import type { en } from './en/index.ts';

/** The same tree with any texts. */
type Translated<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Translated<Tree[Key]> };

/** What everybody may come to read, in one language. */
export type Language = Translated<typeof en>;

/** What only administrators read, in one language. */
export type Administration = Translated<typeof administration>;

/** The texts of one area of the pages, in one language. */
export type Texts<Area extends keyof (Language & Administration)> = (Language & Administration)[Area];
