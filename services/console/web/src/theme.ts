import {
  type CSSVariablesResolver,
  createTheme,
  darken,
  localStorageColorSchemeManager,
  type MantineColorSchemeManager,
  TableScrollContainer,
} from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'teal',
  defaultRadius: 'md',
  autoContrast: true,
  // Where black and white are read equally well (WCAG's formula of contrast).
  luminanceThreshold: 0.179,
  respectReducedMotion: true,
  // A table that is wider than the screen can be moved with the keys.
  components: {
    TableScrollContainer: TableScrollContainer.extend({
      defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } },
    }),
  },
});

/**
 * Light or dark, as somebody chose. In a frame of another site a browser may keep nothing, and still tell what other tabs
 * keep: whoever listened there would fail.
 */
export function createColours(): MantineColorSchemeManager {
  const kept = localStorageColorSchemeManager();
  return mayKeep() ? kept : { ...kept, subscribe: () => undefined };
}

function mayKeep(): boolean {
  try {
    return localStorage.length >= 0;
  } catch {
    return false;
  }
}

/**
 * The library's own texts in colour are too pale to be read by everybody: WCAG asks for 4.5 to 1 against what is behind
 * them, striped rows included.
 */
export const readable: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': '#6a7178',
    '--mantine-color-error': colors.red[9],
    '--mantine-color-anchor': darken(colors.teal[9], 0.15),
    ...Object.fromEntries(Object.entries(colors).flatMap(([name, shades]) => paleInLight(name, shades))),
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': '#9a9a9a',
    '--mantine-color-error': colors.red[4],
  },
});

function paleInLight(name: string, shades: readonly string[]): [string, string][] {
  const [palest = '', darkest = ''] = [shades[0], shades[9]];
  return [
    [`--mantine-color-${name}-light`, palest],
    [`--mantine-color-${name}-light-hover`, shades[1] ?? palest],
    [`--mantine-color-${name}-light-color`, darken(darkest, 0.35)],
    [`--mantine-color-${name}-text`, darken(darkest, 0.15)],
  ];
}
