export const signIn = {
  title: 'Sign in',
  username: 'Username',
  password: 'Password',
  tenant: 'Tenant',
  tenantHelp: 'Only where your username exists in several.',
  submit: 'Sign in',
  refused: {
    password: 'The username or password is not right. Where several tenants have the username, name the tenant too.',
    token: 'This API token is not known.',
    limited: 'Too many wrong passwords. Wait a few minutes and try again.',
  },
  withToken: 'Sign in with an API token',
  withPassword: 'Sign in with a password',
  token: 'API token',
  tokenHelp: 'A token with the scope sessions:read shows the calls, one with admin everything.',
  soon: {
    title: 'You are about to be signed out',
    unused: 'Nobody has used this page for a while.',
    longest: 'The longest time of a session is over. Finish what you are doing; then you sign in again.',
    stay: 'Stay signed in',
  },
  again: {
    title: 'Sign in again',
    text: 'Your session is over. Everything on the page is as you left it, also what you have typed.',
    other: 'I am somebody else',
  },
};
