export const shell = {
  desk: 'Agent desk',
  live: 'Live calls',
  work: 'Deliveries',
  admin: 'Administration',
  menu: 'Menu',
  skip: 'Skip to the content',
  signOut: 'Sign out',
  language: 'Language',
  colours: { label: 'Colours', light: 'Light', dark: 'Dark', auto: 'As the system' },
  stream: { connecting: 'Connecting', open: 'Live', lost: 'Connection lost, trying again' },
};
