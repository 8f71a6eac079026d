import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';

/** Languages of the pages, each by its own name. */
export const languages = { en: 'English', fr: 'Français', es: 'Español' } as const;
export type LanguageCode = keyof typeof languages;

const isLanguage = (code: string | undefined): code is LanguageCode => code !== undefined && code in languages;

const storageKey = 'patchcord-language';

/** In a frame of another site a browser may keep nothing, and say so by an error. */
function kept(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(code: LanguageCode): void {
  try {
    localStorage.setItem(storageKey, code);
  } catch {
    // It holds for this page.
  }
}

/** Chosen before, or else what the browser prefers. */
function preferred(): LanguageCode {
  const chosen = kept();
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.split('-')[0])];
  return wanted.find(isLanguage) ?? 'en';
}

/** English is always there; the others, and what only administrators read, are loaded when they are wanted. */
const loaders = {
  en: {
    pages: async () => en,
    administration: async () => (await import('./en/administration.ts')).administration,
  },
  fr: {
    pages: async () => (await import('./fr/index.ts')).fr,
    administration: async () => (await import('./fr/administration.ts')).administration,
  },
  es: {
    pages: async () => (await import('./es/index.ts')).es,
    administration: async () => (await import('./es/administration.ts')).administration,
  },
} as const;

const wanted = new Set<keyof (typeof loaders)['en']>(['pages']);

/** The language that is spoken; settles when all texts of it are there. */
let speaking: Promise<LanguageCode> = Promise.resolve('en');

export const i18n = createInstance();

export async function startI18n(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React writes texts as texts.
    interpolation: { escapeValue: false },
  });
  await speak(preferred());
}

async function load(code: LanguageCode): Promise<void> {
  const parts = await Promise.all([...wanted].map((part) => loaders[code][part]()));
  for (const part of parts) i18n.addResourceBundle(code, 'translation', part, true);
}

function speak(code: LanguageCode): Promise<LanguageCode> {
  speaking = load(code).then(async () => {
    await i18n.changeLanguage(code);
    document.documentElement.lang = code;
    return code;
  });
  return speaking;
}

/** To be awaited before the first page of the administration is shown. */
export async function loadAdministrationTexts(): Promise<void> {
  wanted.add('administration');
  await load(await speaking);
}

/** Changes the language, and remembers it for this browser. */
export async function changeLanguage(code: LanguageCode): Promise<void> {
  keep(code);
  await speak(code);
}
