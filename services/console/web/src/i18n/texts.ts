import type { en } from './en/index.ts';

/** The same tree with any texts. */
type Translated<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Translated<Tree[Key]> };

/** Every text of the pages, in one language. */
export type Language = Translated<typeof en>;

/** The texts of one area of the pages, in one language. */
export type Texts<Area extends keyof Language> = Language[Area];
