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

/** English is always there; the others are loaded when they are wanted. */
const loaders = {
  en: async () => en,
  fr: async () => (await import('./fr/index.ts')).fr,
  es: async () => (await import('./es/index.ts')).es,
} as const;

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

async function speak(code: LanguageCode): Promise<void> {
  i18n.addResourceBundle(code, 'translation', await loaders[code]());
  await i18n.changeLanguage(code);
  document.documentElement.lang = code;
}

/** Changes the language, and remembers it for this browser. */
export async function changeLanguage(code: LanguageCode): Promise<void> {
  keep(code);
  await speak(code);
}
